import type { APIGatewayProxyResult } from 'aws-lambda';
import { all, type Element, parseHtml } from './html';
import type { HttpRequest, startIntegration } from './integration';
import { SESSION_COOKIE } from '../../lambda/registration/app';

type App = Awaited<ReturnType<typeof startIntegration>>;

export interface Answer extends APIGatewayProxyResult {
  readonly page: Element;
}

/** A buyer's browser without JavaScript: keeps the cookie, follows relative URLs, posts forms as they stand. */
export class Browser {
  url: string;
  cookie: string | undefined;

  constructor(private readonly app: App, private readonly stage = '/prod') {
    this.url = `https://seller.example${stage}/`;
  }

  async arrive(form: Record<string, string>): Promise<Answer> {
    this.url = `https://seller.example${this.stage}/`;
    return this.request({ method: 'POST', form });
  }

  async get(relative: string): Promise<Answer> {
    this.url = new URL(relative, this.url).href;
    return this.request({ method: 'GET' });
  }

  /** Fills in and posts the form of a page. */
  async submit({ page }: Answer, values: Record<string, string> = {}): Promise<Answer> {
    const [form] = all(page, 'form');
    const given = all(form as Element, 'input').map(({ attributes }): [string, string] => [attributes.name ?? '', attributes.value ?? '']);
    this.url = new URL(form?.attributes.action ?? '', this.url).href;
    return this.request({ method: String(form?.attributes.method).toUpperCase(), form: { ...Object.fromEntries(given), ...values } });
  }

  private async request(request: Partial<HttpRequest>): Promise<Answer> {
    const path = new URL(this.url).pathname.slice(this.stage.length) || '/';
    const headers: Record<string, string> = this.cookie === undefined ? {} : { Cookie: `other=1; ${SESSION_COOKIE}=${this.cookie}` };
    const answer = await this.app.http({ ...request, path, stage: this.stage, headers });
    const set = /^__Host-registration=([^;]+)/.exec(String(answer.headers?.['set-cookie'] ?? ''));
    this.cookie = set?.[1] ?? this.cookie;
    if (answer.statusCode === 303) {
      const location = new URL(String(answer.headers?.location), this.url);
      return location.origin === new URL(this.url).origin ? this.get(location.href) : { ...answer, page: parseHtml('') };
    }
    return { ...answer, page: parseHtml(answer.body) };
  }
}
