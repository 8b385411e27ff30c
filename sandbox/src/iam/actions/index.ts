import { cloudWatchActions } from './cloudwatch';
import { secretsManagerActions, ssmActions } from './configuration';
import { dynamoDbActions } from './dynamodb';
import { eventsActions } from './events';
import { kmsActions } from './kms';
import { lambdaActions } from './lambda';
import { logsActions } from './logs';
import { marketplaceActions } from './marketplace';
import { UnknownRequestError, type ActionMapper, type AwsRequest } from './request';
import { s3Actions } from './s3';
import { snsActions } from './sns';
import { sqsActions } from './sqs';
import { stsActions } from './sts';
import type { AccessRequest } from '../evaluate';

export { UnknownRequestError, type AwsRequest } from './request';

const MAPPERS: Readonly<Record<string, ActionMapper>> = {
  'aws-marketplace': marketplaceActions,
  'dynamodb': dynamoDbActions,
  'events': eventsActions,
  'kms': kmsActions,
  'lambda': lambdaActions,
  'logs': logsActions,
  'monitoring': cloudWatchActions,
  's3': s3Actions,
  'secretsmanager': secretsManagerActions,
  'sns': snsActions,
  'sqs': sqsActions,
  'ssm': ssmActions,
  'sts': stsActions,
};

/**
 * The actions and resources a request needs permission for: all of them. Empty when it needs none.
 *
 * @throws UnknownRequestError when it is not known what the request needs.
 */
export function actionsOf(request: AwsRequest): AccessRequest[] {
  const mapper = MAPPERS[request.service];
  if (mapper === undefined) {
    throw new UnknownRequestError(`the sandbox does not know the service "${request.service}"`);
  }
  return mapper(request);
}
