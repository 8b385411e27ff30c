import type { PageRequest } from './gateway';

/** AWS's own handler takes no more (docs/marketplace-facts.md#f-1-2). */
export const MAX_BODY_CHARACTERS = 16_384;

export type FormRead =
  | { readonly problem?: undefined; readonly fields: URLSearchParams }
  | { readonly problem: 'NOT_A_FORM' | 'TOO_LARGE'; readonly status: 413 | 415 };

/** Reads a form as browsers post it; of a field given twice, the first counts. */
export function readForm({ headers, body }: PageRequest): FormRead {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') {
    return { problem: 'NOT_A_FORM', status: 415 };
  }
  return body.length > MAX_BODY_CHARACTERS
    ? { problem: 'TOO_LARGE', status: 413 }
    : { fields: new URLSearchParams(body) };
}
