import { inspect, isDeepStrictEqual } from 'node:util';
import { Timeline } from './timeline';
import { World } from './world';

/** The apps that scenarios are played in: `products.ts` has their stacks. */
export type ProductName = 'subscription' | 'contract' | 'consumption'
  | 'legacy-subscription' | 'legacy-subscription-raw' | 'legacy-contract' | 'legacy-contract-raw' | 'migrating' | 'two-accounts';

/** A story of one buyer or more that ends with what must be true, and plays in the sandbox: in the demo, and as a test. */
export interface Scenario {
  /** What `npm run demo -- --scenario` takes. */
  readonly name: string;
  /** One sentence that says what a user sees. */
  readonly title: string;
  /** The app it is played in. */
  readonly product: ProductName;
  play(story: Story): Promise<void>;
}

/** What a scenario works with: the product, and a timeline on which it says what happens and checks what follows. */
export class Story {
  constructor(readonly world: World, private readonly timeline: Timeline) {}

  /** What happens next. */
  readonly say = async (text: string): Promise<void> => {
    this.timeline.say(await this.world.now(), text);
  };

  /**
   * What must follow.
   *
   * @throws Error when `found` is not deeply equal to `expected`
   */
  readonly check = async (text: string, found: unknown, expected: unknown): Promise<void> => {
    const time = await this.world.now();
    const shown = (value: unknown): string => inspect(value, { depth: 6, breakLength: Infinity });
    if (!isDeepStrictEqual(found, expected)) {
      throw new Error(`${time}, ${text}:\nexpected ${shown(expected)}\nfound    ${shown(found)}`);
    }
    this.timeline.say(time, `  ${text}: ${shown(found)}`);
  };
}
