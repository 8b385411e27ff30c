import type { APIGatewayProxyResult } from 'aws-lambda';
import { all, type Element, parseHtml } from './html';
import type { HttpRequest, startIntegration } from './integration';

type App = Awaited<ReturnType<typeof startIntegration>>;

export interface Answer extends APIGatewayProxyResult {
  readonly page: Element;
}

/** A buyer's browser without JavaScript: keeps cookies, follows relative URLs, posts forms as they stand. */
export class Browser {
  url: string;
  readonly cookies = new Map<string, string>();

  constructor(private readonly app: App, private readonly stage = '/prod', private readonly headers: Readonly<Record<string, string>> = {}) {
    this.url = `https://seller.example${stage}/`;
  }

  /** The value that was set last. */
  get cookie(): string | undefined {
    return [...this.cookies.values()].at(-1);
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
    const given = all(form as Element, 'input').filter(({ attributes }) => attributes.type !== 'checkbox').map(({ attributes }): [string, string] => [attributes.name ?? '', attributes.value ?? '']);
    this.url = new URL(form?.attributes.action ?? '', this.url).href;
    return this.request({ method: String(form?.attributes.method).toUpperCase(), form: { ...Object.fromEntries(given), ...values } });
  }

  private async request(request: Partial<HttpRequest>): Promise<Answer> {
    const { pathname, search } = new URL(this.url);
    const path = pathname.slice(this.stage.length) || '/';
    const headers = { ...this.headers, Cookie: ['other=1', ...[...this.cookies].map((cookie) => cookie.join('='))].join('; ') };
    const answer = await this.app.http({ ...request, path, search, stage: this.stage, headers });
    const [, name, value] = /^(__(?:Host|Secure)-registration-[^=]+)=([^;]+)/.exec(String(answer.headers?.['set-cookie'] ?? '')) ?? [];
    if (name !== undefined && value !== undefined) {
      this.cookies.set(name, value);
    }
    if (answer.statusCode === 303) {
      const location = new URL(String(answer.headers?.location), this.url);
      return location.origin === new URL(this.url).origin ? this.get(location.href) : { ...answer, page: parseHtml('') };
    }
    return { ...answer, page: parseHtml(answer.body) };
  }
}
