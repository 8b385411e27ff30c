import { BootstraplessSynthesizer, CfnOutput, RemovalPolicy, Stack, StackProps } from 'aws-cdk-lib';
import { EventBus, IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { BUSES, ONE_HOP, PREFIX, STACKS, TWO_HOPS } from '../stacks';

/** Far region: the bus at which the events of both ways arrive, and a queue that keeps them. */
export class HopsArrival extends Stack {
  constructor(scope: Construct, props: StackProps) {
    super(scope, STACKS.ARRIVAL, { ...props, synthesizer: new BootstraplessSynthesizer() });
    const bus = new EventBus(this, 'End', { eventBusName: BUSES.END });
    const arrived = new Queue(this, 'Arrived', { queueName: `${PREFIX}arrived`, enforceSSL: true, removalPolicy: RemovalPolicy.DESTROY });
    new Rule(this, 'Keep', { eventBus: bus, eventPattern: { source: [ONE_HOP, TWO_HOPS] }, targets: [new targets.SqsQueue(arrived)] });
    new CfnOutput(this, 'ArrivedQueueUrl', { value: arrived.queueUrl });
  }
}

export interface HopsStartProps extends StackProps {
  readonly farRegion: string;
}

/** Home region: the bus at which events start, one rule for each way, and the bus between two hops. */
export class HopsStart extends Stack {
  constructor(scope: Construct, { farRegion, ...props }: HopsStartProps) {
    super(scope, STACKS.HOPS, { ...props, synthesizer: new BootstraplessSynthesizer() });
    const start = new EventBus(this, 'Start', { eventBusName: BUSES.START });
    const between = new EventBus(this, 'Between', { eventBusName: BUSES.BETWEEN });
    const end = EventBus.fromEventBusArn(this, 'End', `arn:${this.partition}:events:${farRegion}:${this.account}:event-bus/${BUSES.END}`);
    const deadLetters = new Queue(this, 'DeadLetters', {
      queueName: `${PREFIX}not-forwarded`, enforceSSL: true, removalPolicy: RemovalPolicy.DESTROY,
    });
    const forward = (id: string, source: string, eventBus: IEventBus, to: IEventBus): void => {
      new Rule(this, id, { eventBus, eventPattern: { source: [source] }, targets: [new targets.EventBus(to, { deadLetterQueue: deadLetters })] });
    };
    forward('OneHop', ONE_HOP, start, end);
    forward('FirstHop', TWO_HOPS, start, between);
    forward('SecondHop', TWO_HOPS, between, end);
    new CfnOutput(this, 'DeadLettersUrl', { value: deadLetters.queueUrl });
  }
}
