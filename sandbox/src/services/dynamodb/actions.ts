import { arn, jsonBody, list, record, targetOperation, text, UnknownRequestError, type ActionMapper, type AwsRequest } from '../../iam/action-request';
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

export const dynamoDbActions: ActionMapper = (request) => {
  const operation = targetOperation(request);
  const body = jsonBody(request);
  if (PARTIQL.has(operation)) {
    throw new UnknownRequestError(`the sandbox does not support PartiQL (dynamodb:${operation})`);
  }
  switch (operation) {
    case 'BatchGetItem':
    case 'BatchWriteItem':
      return Object.keys(record(body.RequestItems)).map((table) => access(request, operation, table));
    case 'TransactGetItems':
      return list(body.TransactItems).map((item) => access(request, 'GetItem', record(record(item).Get).TableName));
    case 'TransactWriteItems':
      return list(body.TransactItems).flatMap((item) => Object.entries(record(item)).map(([kind, entry]) =>
        access(request, TRANSACTION_WRITES[kind] ?? unknownEntry(kind), record(entry).TableName)));
    default:
      return WITHOUT_TABLE.has(operation)
        ? [{ action: `dynamodb:${operation}`, resource: '*' }]
        : [access(request, operation, body.TableName ?? body.ResourceArn, body.IndexName)];
  }
};

function access(request: AwsRequest, operation: string, table: unknown, index?: unknown): AccessRequest {
  const name = text(table);
  if (name === undefined) {
    throw new UnknownRequestError(`a request for dynamodb:${operation} names no table`);
  }
  const tableArn = name.startsWith('arn:') ? name : arn(request, 'dynamodb', `table/${name}`);
  const indexName = text(index);
  return { action: `dynamodb:${operation}`, resource: indexName === undefined ? tableArn : `${tableArn}/index/${indexName}` };
}

function unknownEntry(kind: string): never {
  throw new UnknownRequestError(`"${kind}" is not an entry of TransactWriteItems`);
}
