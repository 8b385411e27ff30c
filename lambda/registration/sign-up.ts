import type { RegistrationDependencies } from './dependencies';
import { CONTENT_SECURITY_POLICY, CSP_ALLOWING_REDIRECTS } from './security-headers';
import type { RegistrationConfig } from '../../src/names';
import type { RegistrationSession } from '../domain/registration/session';

/** Where the buyer continues. */
export interface OpenedRegistration {
  /** A route of this app, like `/register`, or the URL of the seller's own sign-up page. */
  readonly redirectTo: string;
  /** Value of the session cookie; absent when the session is not in this browser. */
  readonly cookie?: string;
}

/** The page on which a buyer signs up: the hosted one, or the seller's own. */
export interface SignUp {
  /** Stores a session that was started, under a new secret. */
  readonly openRegistration: (session: RegistrationSession, deps: RegistrationDependencies) => Promise<OpenedRegistration>;
  /** Content security policy of a page whose form starts a registration. */
  readonly startPolicy: string;
}

export function signUpOf({ signUpUrl }: RegistrationConfig): SignUp {
  return signUpUrl === undefined ? HOSTED_PAGE : ownSignUp(signUpUrl);
}

const HOSTED_PAGE: SignUp = {
  startPolicy: CONTENT_SECURITY_POLICY,
  openRegistration: async (session, { registrations, newHandle, clock }) => {
    const cookie = newHandle();
    await registrations.openSession(cookie, session, clock.now());
    return { redirectTo: '/register', cookie };
  },
};

function ownSignUp(signUpUrl: string): SignUp {
  return {
    startPolicy: CSP_ALLOWING_REDIRECTS,
    openRegistration: async (session, { registrations, newHandle, clock }) => {
      const code = newHandle();
      await registrations.offerCode(code, session, clock.now());
      const url = new URL(signUpUrl);
      url.searchParams.set('code', code);
      return { redirectTo: url.href };
    },
  };
}
