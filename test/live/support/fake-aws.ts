import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import type { Cdk } from '../aws/cdk';
import type { ClientsOf } from '../aws/clients';

/** Answers by name of the operation; a function gets the input. An error that is returned is thrown. */
export type Answers = Readonly<Record<string, unknown>>;

/** What AWS and the `cdk` command were asked, in order: `us-east-1 DeleteQueue`, `cdk destroy mp-live-check-example`. */
export type Calls = string[];

/** Clients that answer at once and connect to nothing. */
export function fakeClients(calls: Calls, answers: Answers = {}): ClientsOf {
  return (region) => {
    const send = async (command: { readonly constructor: { readonly name: string }; readonly input: unknown }): Promise<unknown> => {
      const operation = command.constructor.name.replace(/Command$/, '');
      calls.push(`${region} ${operation}`);
      const answer = answers[operation] ?? {};
      const value: unknown = typeof answer === 'function' ? answer(command.input, region) : answer;
      if (value instanceof Error) {
        throw value;
      }
      return value;
    };
    const config = { region, credentials: { accessKeyId: 'none', secretAccessKey: 'none' } };
    return {
      cloudFormation: Object.assign(new CloudFormationClient(config), { send }),
      cloudWatch: Object.assign(new CloudWatchClient(config), { send }),
      dynamodb: Object.assign(new DynamoDBClient(config), { send }),
      events: Object.assign(new EventBridgeClient(config), { send }),
      sqs: Object.assign(new SQSClient(config), { send }),
      sts: Object.assign(new STSClient(config), { send }),
    };
  };
}

/** A `cdk` command whose deployments succeed, but for the named ones. */
export function fakeCdk(calls: Calls, failing: readonly string[] = []): Cdk {
  const run = (command: string) => async (stack: string) => {
    calls.push(`cdk ${command} ${stack}`);
    const succeeded = !failing.includes(`${command} ${stack}`);
    return { succeeded, lastLines: succeeded ? '' : `${command} failed`, outputs: {} };
  };
  return { deploy: run('deploy'), destroy: run('destroy'), prepare: async () => undefined, close: () => undefined };
}

/** An error as AWS's clients throw it. */
export function awsError(name: string, message = ''): Error {
  return Object.assign(new Error(message), { name });
}

/** A clock that passes without waiting. */
export function fakeClock(start = Date.parse('2026-11-28T12:00:00Z')) {
  let now = start;
  return {
    now: () => now,
    sleep: async (ms: number) => {
      now += ms;
    },
  };
}
