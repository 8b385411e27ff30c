import { ApiHandler, AwsCall, HttpAnswer } from '../../gateway/aws-call';
import { Fauxqs } from '../fauxqs/fauxqs';

/** S3: the engine answers. */
export class S3Api implements ApiHandler {
  constructor(private readonly engine: () => Fauxqs) {}

  async handle({ request, url }: AwsCall): Promise<HttpAnswer> {
    const { host: _host, ...headers } = request.headers;
    return this.engine().request({ method: request.method, url, headers, body: request.body });
  }
}
