import { DeliveryError } from '../../errors';

/** fauxqs (SQS, SNS, S3), called in process: it opens no port. Its account is fixed; names are the same as outside. */
export const ENGINE_ACCOUNT = '000000000000';
export const ENGINE_REGION = 'us-east-1';

export interface FauxqsAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface FauxqsRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

export class SqsEngineError extends DeliveryError {
  constructor(readonly answer: FauxqsAnswer) {
    super(answer.body.toString());
  }
}

interface StoredMessage {
  readonly messageId: string;
}

export interface QueueContents {
  readonly ready: readonly StoredMessage[];
  readonly inflight: readonly { readonly message: StoredMessage }[];
}

type App = ReturnType<typeof import('fauxqs', { with: { 'resolution-mode': 'import' } })['buildApp']>;

export class Fauxqs {
  static async create(): Promise<Fauxqs> {
    const { buildApp } = await import('fauxqs');
    const app = buildApp({ logger: false, host: '127.0.0.1', defaultRegion: ENGINE_REGION });
    await app.ready();
    return new Fauxqs(app);
  }

  private constructor(private readonly app: App) {}

  async request({ method, url, headers, body }: FauxqsRequest): Promise<FauxqsAnswer> {
    const answer = await this.app.inject({ method: method as 'POST', url, headers: { host: '127.0.0.1', ...headers }, payload: body });
    const text = Object.entries(answer.headers).map(([name, value]) => [name, String(value)]);
    return { status: answer.statusCode, headers: Object.fromEntries(text), body: answer.rawPayload };
  }

  /** An SQS operation; throws {@link SqsEngineError} with the engine's answer when it fails. */
  async sqs<T>(operation: string, input: unknown): Promise<T> {
    const answer = await this.request({
      method: 'POST',
      url: '/',
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${operation}` },
      body: JSON.stringify(input),
    });
    if (answer.status >= 300) {
      throw new SqsEngineError(answer);
    }
    return JSON.parse(answer.body.toString() || '{}');
  }

  /** What is in a queue, without receiving it. */
  async contents(queueName: string): Promise<QueueContents> {
    const { body } = await this.request({ method: 'GET', url: `/_fauxqs/queues/${queueName}`, headers: {} });
    return (JSON.parse(body.toString()) as { messages: QueueContents }).messages;
  }

  /** An SNS action of the query protocol: form parameters in, XML out. */
  sns(parameters: Readonly<Record<string, string>>): Promise<FauxqsAnswer> {
    const body = new URLSearchParams(parameters).toString();
    return this.request({ method: 'POST', url: '/', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body });
  }

  async close(): Promise<void> {
    await this.app.close();
  }
}
