import { CfnResource } from 'aws-cdk-lib';

/** TLS 1.2 and 1.3 with forward secrecy, and with key exchange that resists quantum computers. Every browser of the last ten years has it. */
const SECURITY_POLICY = 'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09';

/**
 * Refuses older TLS. API Gateway's own default for a regional API is TLS 1.0. Overrides, because the oldest CDK that this
 * library works with has no such properties. Never seen on AWS by this project: docs/live-check.md, `registration-tls`.
 *
 * @param resource a REST API, or a domain name of API Gateway
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies.html
 */
export function requireModernTls(resource: CfnResource): void {
  resource.addPropertyOverride('SecurityPolicy', SECURITY_POLICY);
  // STRICT also refuses a request whose Host header is not the name of the TLS handshake.
  resource.addPropertyOverride('EndpointAccessMode', 'STRICT');
}
