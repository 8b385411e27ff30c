import { FauxqsAnswer, SqsEngineError } from '../fauxqs/fauxqs';

const PREFIX = 'AWS.SimpleQueueService.';
/** In the query protocol's codes, which some clients show, the other errors have a prefix. */
const PLAIN = ['InvalidParameterValue', 'MissingParameter', 'ResourceNotFoundException'];
const QUERY_ERROR = 'x-amzn-query-error';

/** An error of SQS, as the engine would answer it. */
export function sqsError(code: string, message: string): SqsEngineError {
  return new SqsEngineError({
    status: 400,
    headers: { 'content-type': 'application/x-amz-json-1.0', [QUERY_ERROR]: `${PREFIX}${code};Sender` },
    body: Buffer.from(JSON.stringify({ __type: `com.amazonaws.sqs#${code}`, message })),
  });
}

/** The answer to a client: the engine gives every code the prefix. */
export function errorAnswerOf({ answer }: SqsEngineError): FauxqsAnswer {
  const given = answer.headers[QUERY_ERROR] ?? '';
  const plain = PLAIN.some((code) => given.startsWith(`${PREFIX}${code};`));
  return plain ? { ...answer, headers: { ...answer.headers, [QUERY_ERROR]: given.slice(PREFIX.length) } } : answer;
}
