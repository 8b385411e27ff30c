import { createHmac, timingSafeEqual } from 'node:crypto';

/** `__Host-`: browsers take it only from this host, over HTTPS, for all its paths. */
const HOST_PREFIX = '__Host-registration-';
/** `__Secure-`: browsers take it only over HTTPS, and it may be for one path. */
const PATH_PREFIX = '__Secure-registration-';
const HANDLE = /^[A-Za-z0-9_-]{43}$/;

/**
 * Names a registration in its URL and in the name of its cookie, so that two registrations in two tabs do not meet. It
 * opens nothing: that takes the handle, which is the value of the cookie.
 */
export function publicIdOf(handle: string): string {
  return derived(handle, 'registration path').slice(0, 16);
}

/** The cookie of a registration. Below a domain that APIs share by base paths, browsers send it to the pages of this registration only. */
export function cookieOf(publicId: string, basePath?: string): { readonly name: string; readonly path: string } {
  return basePath === undefined
    ? { name: `${HOST_PREFIX}${publicId}`, path: '/' }
    : { name: `${PATH_PREFIX}${publicId}`, path: `/${basePath}/register/${publicId}` };
}

/** @returns undefined for what no handle of ours can be */
export function handleOf(publicId: string, cookie: string | undefined): string | undefined {
  return cookie !== undefined && HANDLE.test(cookie) && publicIdOf(cookie) === publicId ? cookie : undefined;
}

/** Bound to the session, and not derivable without its cookie: a form that another site makes the browser post does not have it. */
export function csrfToken(handle: string): string {
  return derived(handle, 'registration form');
}

export function isCsrfToken(handle: string, given: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(csrfToken(handle))];
  return left.length === right.length && timingSafeEqual(left, right);
}

function derived(handle: string, purpose: string): string {
  return createHmac('sha256', handle).update(purpose).digest('base64url');
}
