import { dynamoDbActions } from './dynamodb/actions';
import { eventsActions } from './eventbridge/actions';
import { lambdaActions } from './lambda/actions';
import { secretsManagerActions, ssmActions } from './parameters/actions';
import { logsActions } from './telemetry/logs-actions';
import { UnknownRequestError, type ActionMapper, type AwsRequest } from '../iam/action-request';
import { s3Actions } from './s3/actions';
import { kmsActions } from './security/actions';
import { snsActions } from './sns/actions';
import { sqsActions } from './sqs/actions';
import { stsActions } from './sts/actions';
import { cloudWatchActions } from './telemetry/cloudwatch-actions';
import type { AccessRequest } from '../iam/evaluate';
import { marketplaceActions } from '../marketplace/api/actions';

export { UnknownRequestError, type AwsRequest } from '../iam/action-request';

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
