import { dynamoDbActions } from './actions';
import { DynamoDbApi } from './api';
import { checkTableNames } from './check-table-names';
import { startDynoxide } from './dynoxide';
import { DynamoDb } from './engine';
import { DYNAMODB_TYPES } from './resources';
import { planTtlSweeps } from './ttl-sweep';
import type { RunningService, SandboxService } from '../../wiring/service';

export interface RunningDynamoDb extends RunningService {
  readonly engine: DynamoDb;
}

export const DYNAMODB: SandboxService<RunningDynamoDb, DynamoDb> = {
  name: 'dynamodb',
  resources: DYNAMODB_TYPES,
  lists: ['tables'],
  check: ({ tables }) => checkTableNames(tables),
  apis: [{
    name: 'dynamodb',
    target: 'DynamoDB_20120810',
    actions: dynamoDbActions,
    faults: {
      operations: [
        'BatchExecuteStatement', 'BatchGetItem', 'BatchWriteItem', 'CreateTable', 'DeleteItem', 'DeleteTable', 'DescribeEndpoints', 'DescribeTable',
        'DescribeTimeToLive', 'ExecuteStatement', 'ExecuteTransaction', 'GetItem', 'ListTables', 'ListTagsOfResource', 'PutItem', 'Query', 'Scan', 'TagResource',
        'TransactGetItems', 'TransactWriteItems', 'UntagResource', 'UpdateItem', 'UpdateTable', 'UpdateTimeToLive',
      ],
    },
  }],
  prepare: ({ dynamodb }, onFatal) => {
    if (dynamodb !== undefined) {
      return { ready: Promise.resolve(new DynamoDb(dynamodb)), kill: () => undefined };
    }
    let kill: (() => void) | undefined;
    const ready = startDynoxide(onFatal).then((engine) => {
      kill = engine.stop;
      return new DynamoDb(engine.url);
    });
    return { ready, kill: () => kill?.() };
  },
  start: ({ core: { activity, model, timers, clock }, prepared: engine }) => ({
    engine,
    handlers: { dynamodb: new DynamoDbApi(engine, activity, () => clock.now()) },
    create: () => engine.deploy(model.tables),
    deploy: () => planTtlSweeps(model.tables, timers, clock, engine),
    close: () => engine.close(),
  }),
};
