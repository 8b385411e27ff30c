import { Token } from 'aws-cdk-lib';
import { invalidProp } from './invalid-prop';

export function checkExternalId(path: string, externalId: string): void {
  if (!Token.isUnresolved(externalId) && !/^[\w+=,.@:/-]{2,1224}$/.test(externalId)) {
    throw invalidProp(path, externalId, 'an external id is 2 to 1,224 letters, digits or _+=,.@:/-');
  }
}
