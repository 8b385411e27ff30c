import { createHmac, timingSafeEqual } from 'node:crypto';
import { SESSION_SECONDS } from '../domain/registration/session';

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

/** `Lax`: the browser comes from AWS Marketplace, and follows the redirect with the cookie. */
export function sessionCookie(publicId: string, basePath: string | undefined, handle: string): string {
  const { name, path } = cookieOf(publicId, basePath);
  return `${name}=${handle}; Max-Age=${SESSION_SECONDS}; Path=${path}; HttpOnly; Secure; SameSite=Lax`;
}

/**
 * Reads the handle of a registration from the `Cookie` header.
 *
 * @returns undefined where there is none that can be ours
 */
export function handleIn(cookies: string | undefined, publicId: string, basePath?: string): string | undefined {
  const start = `${cookieOf(publicId, basePath).name}=`;
  const handle = cookies?.split(';').map((cookie) => cookie.trim()).find((cookie) => cookie.startsWith(start))?.slice(start.length);
  return handle !== undefined && HANDLE.test(handle) && publicIdOf(handle) === publicId ? handle : undefined;
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
