import type { SandboxClient } from 'cdk-marketplace-saas-sandbox';
import { Calendar } from './calendar';
import { differences } from './differences';
import { outcomeOf, type Outcome } from './outcome';
import { Product } from './product';
import { type CrashPoint, crashPoints, describePoint, partOf, type FunctionPart, type Story } from './story';

export interface Exploration {
  readonly points: number;
  /** Points after which the outcome is the same. */
  readonly same: number;
  /** Each says what died where, and how the outcome differs. */
  readonly differences: readonly string[];
  /** Functions that were at work. */
  readonly parts: ReadonlySet<FunctionPart>;
  /** Operations of AWS that they called. */
  readonly operations: ReadonlySet<string>;
}

/** Plays a story once undisturbed, and then once for each place in it where a function can die. */
export async function explore(story: Story, sandboxes: readonly SandboxClient[]): Promise<Exploration> {
  const undisturbed = await play(story, sandboxes[0]);
  const points = crashPoints(undisturbed.calls, story.explores);
  const disturbances: string[] = [];
  let same = 0;
  const left = [...points];
  await Promise.all(sandboxes.map(async (sandbox) => {
    for (let point = left.shift(); point; point = left.shift()) {
      const disturbed = await play(story, sandbox, point);
      const found = differences(undisturbed.outcome, disturbed.outcome);
      if (found.length === 0) same += 1;
      else if (!story.orElse?.(disturbed.outcome)) disturbances.push([describePoint(point), ...found].join('\n  '));
    }
  }));
  return {
    points: points.length,
    same,
    differences: disturbances,
    parts: new Set(undisturbed.calls.map((call) => partOf(call))),
    operations: new Set(undisturbed.calls.map(({ operation }) => operation)),
  };
}

const calendars = new WeakMap<SandboxClient, Calendar>();

function calendarOf(sandbox: SandboxClient): Calendar {
  const calendar = calendars.get(sandbox) ?? new Calendar();
  calendars.set(sandbox, calendar);
  return calendar;
}

async function play(story: Story, sandbox: SandboxClient, point?: CrashPoint) {
  const product = new Product(sandbox, calendarOf(sandbox).next());
  try {
    await product.begin(story.start);
    await story.before(product);
    await sandbox.clearCalls();
    await sandbox.clearFaults();
    if (point) {
      const { call: { service, operation, logicalId, skip }, moment } = point;
      await sandbox.addFault({ service, operation, function: logicalId, skip, times: 1, crash: moment });
    }
    await story.act(product);
    const calls = await sandbox.calls();
    if (point) {
      const [fault] = await sandbox.faults();
      if (fault?.hits !== 1) throw new Error(`${story.name}: ${describePoint(point)}, but it never came to that`);
    }
    await story.after(product);
    return { calls, outcome: await outcomeOf(product) satisfies Outcome };
  } finally {
    product.close();
  }
}
