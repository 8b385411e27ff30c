import type { TableModel } from './model';
import { uuidOf } from '../../ids';
import type { Resource, ResourceType, ResourceTypes, Value } from '../../template';

type Definition = TableModel['definition'];
type KeySchema = Definition['KeySchema'];
type GlobalIndex = NonNullable<Definition['GlobalSecondaryIndexes']>[number];

/** Of the only stream that a table has here. */
export const STREAM_SUFFIX = '/stream/2000-01-01T00:00:00.000';

const table: ResourceType = {
  reference: tableName,
  attributes: {
    Arn: tableArn,
    StreamArn: (resource) => `${tableArn(resource)}${STREAM_SUFFIX}`,
    TableId: (resource) => uuidOf(resource.digest(32)),
  },
  build: (resource, model) => {
    const ttl = resource.get('TimeToLiveSpecification');
    const ttlAttribute = ttl.get('Enabled').boolean(ttl.exists) ? ttl.get('AttributeName').optionalString() : undefined;
    const streamViewType = resource.get('StreamSpecification').get('StreamViewType').optionalString();
    model.tables.push({
      ...resource.origin(),
      name: tableName(resource),
      arn: tableArn(resource),
      definition: definition(resource),
      pointInTimeRecovery: isRecoverable(resource),
      ...(ttlAttribute !== undefined && { ttlAttribute }),
      ...(streamViewType !== undefined && { streamViewType }),
    });
  },
};

export const DYNAMODB_TYPES: ResourceTypes = {
  'AWS::DynamoDB::Table': table,
  'AWS::DynamoDB::GlobalTable': table,
};

function tableName(resource: Resource): string {
  return resource.get('TableName').string(resource.generatedName(255));
}

function tableArn(resource: Resource): string {
  return resource.arn('dynamodb', `table/${tableName(resource)}`);
}

/** A table says it itself, a global table for each of its replicas. */
function isRecoverable(resource: Resource): boolean {
  return [resource.get('PointInTimeRecoverySpecification'), ...resource.get('Replicas').list().map((replica) => replica.get('PointInTimeRecoverySpecification'))]
    .some((specification) => specification.get('PointInTimeRecoveryEnabled').boolean(false));
}

function definition(resource: Resource): Definition {
  const global = resource.get('GlobalSecondaryIndexes').list();
  const local = resource.get('LocalSecondaryIndexes').list();
  return {
    KeySchema: keySchema(resource.get('KeySchema')),
    AttributeDefinitions: resource.get('AttributeDefinitions').list().map((attribute) => ({
      AttributeName: attribute.get('AttributeName').string(),
      AttributeType: attribute.get('AttributeType').oneOf(['S', 'N', 'B']),
    })),
    ...(global.length > 0 && { GlobalSecondaryIndexes: global.map(index) }),
    ...(local.length > 0 && { LocalSecondaryIndexes: local.map(index) }),
  };
}

function index(value: Value): GlobalIndex {
  const projection = value.get('Projection');
  const nonKey = projection.get('NonKeyAttributes').strings();
  return {
    IndexName: value.get('IndexName').string(),
    KeySchema: keySchema(value.get('KeySchema')),
    Projection: {
      ProjectionType: projection.get('ProjectionType').string('ALL'),
      ...(nonKey.length > 0 && { NonKeyAttributes: nonKey }),
    },
  };
}

function keySchema(value: Value): KeySchema {
  return value.list().map((key) => ({
    AttributeName: key.get('AttributeName').string(),
    KeyType: key.get('KeyType').oneOf(['HASH', 'RANGE']),
  }));
}
