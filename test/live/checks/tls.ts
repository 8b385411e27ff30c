import { asExpected, Check, notTried, otherwise } from '../observation';

/** How a server refuses a version of TLS; other codes are of this machine, which does not offer it. */
const REFUSED_BY_SERVER = /ALERT|HANDSHAKE_FAILURE|ECONNRESET|VERSION/;

/**
 * The security policy of the registration API, and its endpoint access mode `STRICT`. Both are documented by AWS, and neither was ever
 * seen on AWS by this project.
 */
export const registrationTls: Check = {
  id: 'registration-tls',
  question: 'Does the registration API refuse TLS 1.1, take TLS 1.2, and refuse a Host header that is not the name of the handshake?',
  source: 'docs/seller-account.md#a-domain-for-the-fulfillment-url',
  needs: ['EXAMPLE'],
  async run({ outputs, request }) {
    const url = outputs.FulfillmentUrl;
    if (!url.startsWith('https:')) {
      return notTried('needs TLS: a rehearsal has none');
    }
    const get = (more: object) => request({ method: 'GET', url, ...more })
      .then(({ status }) => String(status), (error: { code?: string; message: string }) => error.code ?? error.message);
    const old = await get({ tlsVersion: 'TLSv1.1' });
    const modern = await get({ tlsVersion: 'TLSv1.2' });
    const otherHost = await get({ headers: { host: 'example.com' } });
    const saw = `TLS 1.1: ${old}; TLS 1.2: ${modern}; the Host header example.com: ${otherHost}`;
    const fact = `A regional REST API with a security policy of TLS 1.2 and later, and endpoint access mode STRICT: ${saw}.`;
    const expected = REFUSED_BY_SERVER.test(old) && modern === '200' && otherHost !== '200';
    return expected ? asExpected(saw, { fact }) : otherwise(saw, { fact });
  },
};
