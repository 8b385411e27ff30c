import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { LiveContext, until } from '../context';
import { asExpected, Check, notTried, Observation, otherwise } from '../observation';
import { BUSES, ONE_HOP, STACKS, TWO_HOPS } from '../stacks';

const ARRIVES_WITHIN = { everyMs: 2_000, forMs: 5 * 60_000 };
/** Old enough that the time of arrival cannot be taken for it. */
const EVENT_AGE_MS = 2 * 3600 * 1000;

interface Envelope {
  readonly id?: string;
  readonly time?: string;
}

/** What became of an event. */
interface Forwarded {
  readonly sent: Envelope;
  readonly arrived?: Envelope;
  /** Error codes that EventBridge wrote beside the event in the dead-letter queue. */
  readonly errors: readonly string[];
}

const source = 'docs/marketplace-facts.md#f-11-6';

export const oneHop: Check = {
  id: 'one-hop',
  question: 'Does a rule forward events to a bus in another region in one hop?',
  source,
  needs: ['TWO_REGIONS'],
  run: (context) => observe(context, ONE_HOP, (forwarded) => arrival(forwarded, 'One hop between regions, from bus to bus')),
};

/** In one account: whether a hop between accounts counts like one within a region is left to a person with two accounts. */
export const twoHops: Check = {
  id: 'two-hops',
  question: 'Does an event pass a hop within a region and then one between regions?',
  source,
  needs: ['TWO_REGIONS'],
  run: (context) => observe(context, TWO_HOPS, (forwarded) => arrival(forwarded, 'A hop within a region, and then one between regions, in one account')),
};

export const regionalEnvelope: Check = {
  id: 'id-and-time-at-a-regional-hop',
  question: 'Does a hop between regions give an event another id and time?',
  source,
  needs: ['TWO_REGIONS'],
  run: (context) => observe(context, ONE_HOP, ({ sent, arrived }) => {
    if (!arrived) {
      return notTried('the event did not arrive');
    }
    const changed = { id: arrived.id !== sent.id, time: Date.parse(arrived.time ?? '') !== Date.parse(sent.time ?? '') };
    const saw = `the id was ${changed.id ? 'replaced' : 'kept'}, and the time was ${changed.time ? `replaced (${sent.time} became ${arrived.time})` : 'kept'}`;
    const fact = `At a hop between regions ${saw}.`;
    const more = { fact, ...changed.id === changed.time && { setting: { name: 'events.regionalHop', value: changed.id ? 'replaced' : 'kept' } } };
    return changed.id && changed.time ? asExpected(saw, more) : otherwise(saw, more);
  }),
};

function arrival({ arrived, errors }: Forwarded, what: string): Observation {
  if (arrived) {
    return asExpected('the event arrived', { fact: `${what}: the event arrives.` });
  }
  const why = errors.length > 0 ? `EventBridge reports ${errors.join(', ')}` : 'EventBridge reports no error';
  return otherwise(`the event did not arrive within 5 minutes: ${why}`, { fact: `${what}: the event does not arrive; ${why}.` });
}

async function observe(context: LiveContext, eventSource: string, read: (forwarded: Forwarded) => Observation): Promise<Observation> {
  // The far bus first: a rule whose target is missing sends events to the dead-letter queue.
  for (const stack of [STACKS.ARRIVAL, STACKS.HOPS]) {
    const { succeeded, lastLines } = await context.cloud!.deploy(stack);
    if (!succeeded) {
      return notTried(`${stack} was not deployed: ${lastLines}`);
    }
  }
  return read(await forward(context, eventSource));
}

async function forward({ cloud, clientsOf, region, farRegion, clock, runId }: LiveContext, eventSource: string): Promise<Forwarded> {
  const arrivedUrl = (await cloud!.deploy(STACKS.ARRIVAL)).outputs.ArrivedQueueUrl;
  const deadLettersUrl = (await cloud!.deploy(STACKS.HOPS)).outputs.DeadLettersUrl;
  const marker = `${runId}-${eventSource}-${clock.now()}`;
  const time = new Date(Math.floor((clock.now() - EVENT_AGE_MS) / 1000) * 1000);
  const { Entries: [entry] = [] } = await clientsOf(region).events.send(new PutEventsCommand({
    Entries: [{ EventBusName: BUSES.START, Source: eventSource, DetailType: 'Live Check', Time: time, Detail: JSON.stringify({ marker }) }],
  }));
  const arrived = await until(clock, ARRIVES_WITHIN, async () => {
    const bodies = await receive(clientsOf(farRegion).sqs, arrivedUrl);
    return bodies.map(({ body }) => JSON.parse(body)).find(({ detail }) => detail?.marker === marker) as Envelope | undefined;
  });
  const failed = arrived ? [] : (await receive(clientsOf(region).sqs, deadLettersUrl)).filter(({ body }) => body.includes(marker));
  return { sent: { id: entry?.EventId, time: time.toISOString() }, arrived, errors: failed.map(({ error }) => error) };
}

async function receive(sqs: SQSClient, QueueUrl: string): Promise<{ readonly body: string; readonly error: string }[]> {
  const { Messages: messages = [] } = await sqs.send(new ReceiveMessageCommand({
    QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 5, MessageAttributeNames: ['All'],
  }));
  return messages.map(({ Body = '{}', MessageAttributes = {} }) => ({ body: Body, error: MessageAttributes.ERROR_CODE?.StringValue ?? 'no error code' }));
}
