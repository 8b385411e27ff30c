/** A buyer's browser, as far as registration needs one: forms, redirects and cookies. */
export class Buyer {
  private readonly cookies = new Map<string, string>();

  constructor(readonly name: string) {}

  /** Follows "Set up your account": posts the fields AWS Marketplace would post, and lands on the registration page. */
  async setUpAccount(fulfillment: { readonly url: string; readonly fields: Readonly<Record<string, string>> }): Promise<Page> {
    return this.submit(fulfillment.url, fulfillment.fields);
  }

  /** Fills in the page's form and sends it. A text that `answers` does not have is the buyer's name. */
  async register(page: Page, answers: Readonly<Record<string, string>>): Promise<Page> {
    const form = /<form[^>]*>[\s\S]*?<\/form>/.exec(page.html)?.[0];
    if (!form) throw new Error(`no form on ${page.url}:\n${page.html}`);
    const action = /action="([^"]*)"/.exec(form)?.[1] ?? page.url;
    const fields: Record<string, string> = {};
    for (const [input] of form.matchAll(/<input[^>]*>/g)) {
      const name = /name="([^"]*)"/.exec(input)?.[1];
      if (name) fields[name] = answers[name] ?? (/value="([^"]*)"/.exec(input)?.[1] || this.name);
    }
    return this.submit(new URL(action, page.url).href, fields);
  }

  private async submit(url: string, fields: Readonly<Record<string, string>>): Promise<Page> {
    let response = await this.fetch(url, {
      method: 'POST',
      body: new URLSearchParams(fields).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    let at = url;
    for (let hops = 0; response.status >= 300 && response.status < 400 && hops < 5; hops++) {
      at = new URL(response.headers.get('location') ?? '', at).href;
      response = await this.fetch(at, { method: 'GET' });
    }
    const html = await response.text();
    if (!response.ok) throw new Error(`${this.name}: ${at} answered ${response.status}: ${html.slice(0, 400)}`);
    return { url: at, html, title: /<h1[^>]*>([^<]*)<\/h1>/.exec(html)?.[1]?.trim() ?? '' };
  }

  private async fetch(url: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.cookies.size > 0) headers.set('cookie', [...this.cookies].map(([key, value]) => `${key}=${value}`).join('; '));
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair] = cookie.split(';');
      const [key, ...value] = pair.split('=');
      this.cookies.set(key.trim(), value.join('='));
    }
    return response;
  }
}

export interface Page {
  readonly url: string;
  readonly html: string;
  readonly title: string;
}
