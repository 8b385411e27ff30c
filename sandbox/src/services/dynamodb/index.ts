import { dynamoDbActions } from './actions';
import { DynamoDbApi } from './api';
import { Backups } from './backups';
import { checkTableNames } from './check-table-names';
import { embeddedEngine, isEmbeddedEngine } from './embedded-engines';
import { DynamoDb } from './engine';
import { startEngine } from './engine-process';
import { KnownAnswers } from './known-answers';
import { DYNAMODB_TYPES, STREAM_SUFFIX } from './resources';
import { StreamPoller } from './stream-poller';
import { planTtlSweeps } from './ttl-sweep';
import type { Core } from '../../wiring/core';
import type { RunningService, SandboxService } from '../../wiring/service';
import { FAUXQS } from '../fauxqs';
import { LAMBDA, type RunningLambda } from '../lambda';

export interface RunningDynamoDb extends RunningService {
  readonly engine: DynamoDb;
}

/** What Lambda does in the role of a function that a stream invokes. */
const STREAM_ACTIONS = ['dynamodb:DescribeStream', 'dynamodb:GetShardIterator', 'dynamodb:GetRecords'];

export const DYNAMODB: SandboxService<RunningDynamoDb, DynamoDb> = {
  name: 'dynamodb',
  resources: DYNAMODB_TYPES,
  lists: ['tables'],
  check: ({ tables }) => checkTableNames(tables),
  apis: [{
    name: 'dynamodb',
    target: 'DynamoDB_20120810',
    actions: dynamoDbActions,
    hasNoEffectOnOthers: true,
    faults: {
      operations: [
        'BatchExecuteStatement', 'BatchGetItem', 'BatchWriteItem', 'CreateTable', 'DeleteItem', 'DeleteTable', 'DescribeEndpoints', 'DescribeTable',
        'DescribeTimeToLive', 'ExecuteStatement', 'ExecuteTransaction', 'GetItem', 'ListTables', 'ListTagsOfResource', 'PutItem', 'Query', 'Scan', 'TagResource',
        'TransactGetItems', 'TransactWriteItems', 'UntagResource', 'UpdateItem', 'UpdateTable', 'UpdateTimeToLive',
      ],
    },
  }],
  prepare: ({ dynamodb }, onFatal, log) => {
    if (dynamodb !== undefined && !isEmbeddedEngine(dynamodb)) {
      return { ready: Promise.resolve(new DynamoDb(dynamodb)), kill: () => undefined };
    }
    let kill: (() => void) | undefined;
    const start = async (): Promise<DynamoDb> => {
      const engine = await startEngine(embeddedEngine(dynamodb, (message) => log.warn(message)), onFatal);
      kill = engine.stop;
      return new DynamoDb(engine.url, new KnownAnswers());
    };
    return { ready: start(), kill: () => kill?.() };
  },
  start: ({ core, services, prepared: engine }) => {
    const { activity, model, timers, clock, loop } = core;
    const pollers = makePollers(core, engine, services.get(LAMBDA));
    const backups = new Backups({ ...core, engine, tables: model.tables, s3: services.get(FAUXQS).engine });
    const onWrite = (): void => {
      backups.points.noteWrite();
      pollers.forEach((poller) => poller.notice());
    };
    pollers.forEach((poller) => loop.addSource(poller));
    return {
      engine,
      handlers: { dynamodb: new DynamoDbApi(engine, backups, activity, () => clock.now(), onWrite) },
      routes: [{ method: 'POST', path: /^restore-points$/, run: () => loop.exclusive(() => backups.points.mark()) }],
      create: async () => {
        await backups.reset();
        await engine.deploy(model.tables);
      },
      deploy: async () => {
        planTtlSweeps(model.tables, () => backups.swept(), timers, clock, engine, onWrite);
        for (const poller of pollers) {
          core.authorizer.checkRole(poller.fn, STREAM_ACTIONS, poller.streamArn, clock.now());
          await poller.deploy();
        }
      },
      reset: () => pollers.forEach((poller) => poller.reset()),
      close: () => engine.close(),
    };
  },
};

function makePollers(core: Core, engine: DynamoDb, lambda: RunningLambda): StreamPoller[] {
  return core.model.eventSourceMappings.filter(({ stream }) => stream !== undefined).flatMap((mapping) => {
    const table = core.model.tables.find(({ arn, streamViewType }) => streamViewType !== undefined && mapping.eventSourceArn === arn + STREAM_SUFFIX);
    const fn = lambda.find(mapping.functionArn);
    if (!table || !fn) {
      core.log.warn(`event source mapping ${mapping.logicalId}: the sandbox feeds functions from tables of the template with a stream only, not from ${mapping.eventSourceArn}`);
      return [];
    }
    return [new StreamPoller({
      ...core, mapping, table, fn, engine, invoke: lambda.invoke, isEnabled: () => lambda.isEnabled(mapping), wake: () => core.loop.wake(),
    })];
  });
}
