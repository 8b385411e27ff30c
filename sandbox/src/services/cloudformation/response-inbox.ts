import type { HttpAnswer, HttpRequest } from '../../gateway/aws-call';
import { RESPONSE_HOST } from '../lambda/runtime/response-url';

const PATH = '/_cloudformation/';

/** Where functions of custom resources answer: the `ResponseURL` of their events. */
export class ResponseInbox {
  private readonly answers = new Map<string, unknown>();
  private count = 0;

  expect(): { readonly id: string; readonly url: string; answer(): unknown } {
    const id = `request-${++this.count}`;
    return { id, url: `https://${RESPONSE_HOST}${PATH}${id}`, answer: () => this.answers.get(id) };
  }

  serves({ path }: HttpRequest): boolean {
    return path.startsWith(PATH);
  }

  async handle({ body, path }: HttpRequest): Promise<HttpAnswer> {
    try {
      this.answers.set(path.slice(PATH.length), JSON.parse(body.toString()));
      return { status: 200, headers: {}, body: '' };
    } catch {
      return { status: 400, headers: {}, body: 'not JSON' };
    }
  }

  clear(): void {
    this.answers.clear();
    this.count = 0;
  }
}
