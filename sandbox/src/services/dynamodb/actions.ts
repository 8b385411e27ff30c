import { nameOrArn } from '../../arn';
import type { AwsCall } from '../../gateway/aws-call';
import { callerArn, jsonBody, list, record, operationOf, text, UnknownRequestError, type ActionMapper } from '../../iam/action-request';
import type { AccessRequest } from '../../iam/evaluate';

const PARTIQL = new Set(['ExecuteStatement', 'BatchExecuteStatement', 'ExecuteTransaction']);

/** Kind of entry in TransactWriteItems -> action. */
const TRANSACTION_WRITES: Readonly<Record<string, string>> = {
  ConditionCheck: 'ConditionCheckItem',
  Delete: 'DeleteItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
};

const WITHOUT_TABLE = new Set(['ListTables', 'DescribeLimits', 'DescribeEndpoints']);

export const dynamoDbActions: ActionMapper = (call, account) => {
  const operation = operationOf(call);
  const body = jsonBody(call);
  if (PARTIQL.has(operation)) {
    throw new UnknownRequestError(`the sandbox does not support PartiQL (dynamodb:${operation})`);
  }
  switch (operation) {
    case 'BatchGetItem':
    case 'BatchWriteItem':
      return Object.keys(record(body.RequestItems)).map((table) => access(call, account, operation, table));
    case 'TransactGetItems':
      return list(body.TransactItems).map((item) => access(call, account, 'GetItem', record(record(item).Get).TableName));
    case 'TransactWriteItems':
      return list(body.TransactItems).flatMap((item) => Object.entries(record(item)).map(([kind, entry]) =>
        access(call, account, TRANSACTION_WRITES[kind] ?? unknownEntry(kind), record(entry).TableName)));
    default:
      return WITHOUT_TABLE.has(operation)
        ? [{ action: `dynamodb:${operation}`, resource: '*' }]
        : [access(call, account, operation, tableOf(operation, body), body.IndexName)];
  }
};

/** The table that a request names, in one of several ways. */
function tableOf(operation: string, body: Readonly<Record<string, unknown>>): unknown {
  switch (operation) {
    case 'RestoreTableToPointInTime': return body.SourceTableArn ?? body.SourceTableName;
    case 'ExportTableToPointInTime': return body.TableArn;
    case 'DescribeExport': return body.ExportArn;
    case 'ImportTable': return record(body.TableCreationParameters).TableName;
    default: return body.TableName ?? body.ResourceArn;
  }
}

function access(call: AwsCall, account: string, operation: string, table: unknown, index?: unknown): AccessRequest {
  const name = text(table);
  if (name === undefined) {
    throw new UnknownRequestError(`a request for dynamodb:${operation} names no table`);
  }
  const tableArn = nameOrArn(name, (tableName) => callerArn(call, account, 'dynamodb', `table/${tableName}`));
  const indexName = text(index);
  return { action: `dynamodb:${operation}`, resource: indexName === undefined ? tableArn : `${tableArn}/index/${indexName}` };
}

function unknownEntry(kind: string): never {
  throw new UnknownRequestError(`"${kind}" is not an entry of TransactWriteItems`);
}
