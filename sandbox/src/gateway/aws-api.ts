import { HttpRequest, WireFormat } from './aws-call';
import { FaultSupport } from '../faults/fault';
import { ActionMapper } from '../iam/action-request';

/** An AWS API: how its requests are recognized and read, and what they need permission for. */
export interface AwsApi {
  /** As in faults and the call log. Also the signing name in the SigV4 scope, if `target` does not say more. */
  readonly name: string;
  /** Prefix of `X-Amz-Target`, without the dot. */
  readonly target?: string;
  /** Default: JSON. */
  readonly format?: WireFormat | ((request: HttpRequest) => WireFormat);
  /** Permissions a call needs. Absent: functions cannot call it. */
  readonly actions?: ActionMapper;
  /** Calls of a function change nothing for others until another call does: it writes to its own tables, or assumes a role. Default: false. */
  readonly hasNoEffectOnOthers?: boolean;
  /** Absent: faults cannot be added for it. */
  readonly faults?: FaultSupport;
  /** Recognizes requests without a signature, by what only this API has. */
  recognizes?(request: HttpRequest, action: string | undefined): boolean;
  /** Operation of a request that names it in neither target nor form. */
  operationOf?(request: HttpRequest): string;
}
