import { asExpected, Check, otherwise } from '../observation';

/** API Gateway takes 10 MB. */
const TOO_LARGE_BYTES = 10 * 1024 * 1024 + 1;

/**
 * Gateway responses have templates of `text/html` and `application/json`, both with the page: AWS documents neither which one a client
 * without Accept header gets, nor that it gets one.
 */
export const errorPage: Check = {
  id: 'error-page-without-accept',
  question: 'Which body has a gateway response for a client that sends no Accept header?',
  source: 'docs/registration.md',
  needs: ['EXAMPLE'],
  async run({ outputs, request }) {
    const { status, contentType, body } = await request({
      method: 'POST',
      url: outputs.FulfillmentUrl,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'x'.repeat(TOO_LARGE_BYTES),
    });
    const kind = kindOf(body);
    const saw = `${status}, ${contentType}, ${kind}`;
    const fact = `A gateway response with templates of text/html and application/json, for a request of over 10 MB without Accept header: ${saw}.`;
    return status === 413 && kind === 'the page' ? asExpected(saw, { fact }) : otherwise(saw, { fact });
  },
};

function kindOf(body: string): string {
  if (body === '') {
    return 'an empty body';
  }
  return /^<!doctype html>/i.test(body) ? 'the page' : `a body that begins with ${JSON.stringify(body.slice(0, 60))}`;
}
