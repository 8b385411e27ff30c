import { Answers, Calls, fakeCdk, fakeClients, fakeClock } from './fake-aws';
import { Cloud } from '../aws/cloud';
import type { LiveContext } from '../context';

export interface FakeContextOptions {
  readonly answers: Answers;
  /** Deployments that fail: `deploy mp-live-check-failing`. */
  readonly failing?: readonly string[];
  readonly calls?: Calls;
  /** Default: none is expected. */
  readonly request?: LiveContext['request'];
}

const noRequest = () => Promise.reject(new Error('no request is expected'));

/** A context in which AWS answers as given, and time passes without waiting. */
export function fakeContext({ answers, failing, calls = [], request = noRequest }: FakeContextOptions): LiveContext {
  const clientsOf = fakeClients(calls, answers);
  const clock = fakeClock();
  const place = { region: 'us-east-1', farRegion: 'eu-west-1' };
  const cloud = new Cloud({ ...place, cdk: fakeCdk(calls, failing), clientsOf, clock, log: () => undefined });
  return {
    ...place,
    clientsOf,
    clock,
    cloud,
    stacks: cloud,
    optInRegion: 'af-south-1',
    long: true,
    outputs: { FulfillmentUrl: 'https://page/' },
    request,
    runId: 'run',
  };
}

/** Answers by which a stack has these resources: logical id, type, physical id, status. */
export function stackOf(...resources: readonly (readonly [string, string, string, string])[]): Answers {
  return {
    DescribeStacks: { Stacks: [{ StackId: 'an id' }] },
    ListStackResources: {
      StackResourceSummaries: resources.map(([LogicalResourceId, ResourceType, PhysicalResourceId, ResourceStatus]) => (
        { LogicalResourceId, ResourceType, PhysicalResourceId, ResourceStatus }
      )),
    },
  };
}
