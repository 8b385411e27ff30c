import { Stack, Token } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { invalidProp } from './invalid-prop';

/** A rule or a function of this stack finds a bus by its name, in its own account and region: elsewhere it would find another, or none. */
export function checkBusIsHere(scope: Construct, path: string, bus: events.IEventBus | undefined): void {
  if (!bus) {
    return;
  }
  const { account, region } = Stack.of(scope);
  const differs = (a: string, b: string) => !Token.isUnresolved(a) && !Token.isUnresolved(b) && a !== b;
  const { env } = bus;
  if (differs(env.region, region)) {
    throw invalidProp(path, `a bus in ${env.region}`, `this stack is in ${region}: give a bus of the same region, and forward events between the two by a rule`);
  }
  if (differs(env.account, account)) {
    throw invalidProp(path, `a bus of account ${env.account}`,
      `this stack is in account ${account}: give a bus of the same account, and forward events between the two by a rule`);
  }
}
