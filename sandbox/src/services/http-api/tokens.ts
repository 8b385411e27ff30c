import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { JwtAuthorizerModel } from './model';
import { ControlError } from '../../errors';

/** The sandbox's own key: it plays every issuer. */
const KEY = 'marketplace-sandbox';
const HEADER = Buffer.from(JSON.stringify({ alg: 'HS256', typ: 'JWT', kid: 'sandbox' })).toString('base64url');

const REQUEST = z.strictObject({
  issuer: z.string().min(1),
  audience: z.union([z.string(), z.array(z.string())]).optional(),
  subject: z.string().default('user-1'),
  scope: z.string().optional(),
  expiresInSeconds: z.number().int().default(3600),
  claims: z.record(z.string(), z.unknown()).default({}),
});

export type Claims = Readonly<Record<string, unknown>>;

/** A token as `issuer` would give it to a user. @throws ControlError when the request is wrong */
export function issueToken(request: unknown, now: number): string {
  const { success, data, error } = REQUEST.safeParse(request);
  if (!success) {
    throw new ControlError(400, 'InvalidToken', `a token is {"issuer", "audience"?, "subject"?, "scope"?, "expiresInSeconds"?, "claims"?}: ${z.prettifyError(error)}`);
  }
  const seconds = Math.floor(now / 1000);
  const { issuer, audience, subject, scope, expiresInSeconds, claims } = data;
  const body = {
    iss: issuer,
    sub: subject,
    ...audience !== undefined && { aud: audience },
    ...scope !== undefined && { scope },
    iat: seconds,
    exp: seconds + expiresInSeconds,
    ...claims,
  };
  const signed = `${HEADER}.${Buffer.from(JSON.stringify(body)).toString('base64url')}`;
  return `${signed}.${signatureOf(signed)}`;
}

/** The claims of a token that the sandbox issued. `foreign`: it is another one's. */
export function readToken(token: string): Claims | 'foreign' | undefined {
  const [header = '', body = '', signature = '', ...rest] = token.split('.');
  if (rest.length > 0 || signature === '') {
    return undefined;
  }
  const expected = Buffer.from(signatureOf(`${header}.${body}`));
  const given = Buffer.from(signature);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    return 'foreign';
  }
  return JSON.parse(Buffer.from(body, 'base64url').toString()) as Claims;
}

/** Whether an authorizer takes these claims, by API Gateway's rules: issuer, audience (or client id), times, scopes. */
export function checkClaims({ issuer, audience, scopes }: JwtAuthorizerModel, claims: Claims, now: number): 'allowed' | 'unauthorized' | 'denied' {
  const seconds = now / 1000;
  const audiences = [claims.aud ?? claims.client_id ?? []].flat();
  const isValid = claims.iss === issuer && audiences.some((value) => audience.includes(String(value)))
    && Number(claims.exp) > seconds && Number(claims.nbf ?? 0) <= seconds && Number(claims.iat ?? 0) <= seconds;
  if (!isValid) {
    return 'unauthorized';
  }
  return scopes.length === 0 || scopesOf(claims).some((scope) => scopes.includes(scope)) ? 'allowed' : 'denied';
}

export function scopesOf(claims: Claims): string[] {
  return [claims.scope ?? claims.scp ?? []].flat().flatMap((scope) => String(scope).split(' ')).filter(Boolean);
}

function signatureOf(text: string): string {
  return createHmac('sha256', KEY).update(text).digest('base64url');
}
