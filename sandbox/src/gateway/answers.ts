import { AwsError } from '../errors';
import { HttpAnswer, WireFormat } from './aws-call';

const REQUEST_ID = '00000000-0000-4000-8000-000000000000';

export function jsonAnswer(body: unknown, status = 200, contentType = 'application/x-amz-json-1.0'): HttpAnswer {
  return { status, headers: { 'content-type': contentType, 'x-amzn-requestid': REQUEST_ID }, body: JSON.stringify(body) };
}

export function queryAnswer(action: string, namespace: string, result: string): HttpAnswer {
  return xml(200, `<${action}Response xmlns="${namespace}"><${action}Result>${result}</${action}Result>`
    + `<ResponseMetadata><RequestId>${REQUEST_ID}</RequestId></ResponseMetadata></${action}Response>`);
}

/** An error the way the clients of that protocol read it. */
export function errorAnswer(format: WireFormat, error: AwsError): HttpAnswer {
  const { code, message, status } = error;
  switch (format) {
    case 'cbor':
    case 'json':
      return withHeaders(jsonAnswer({ __type: code, message, Message: message }, status), { 'x-amzn-errortype': code });
    case 'rest-json':
      return withHeaders(jsonAnswer({ Type: 'User', Message: message }, status, 'application/json'), { 'x-amzn-errortype': code });
    case 'query':
      return xml(status, `<ErrorResponse><Error><Type>${status < 500 ? 'Sender' : 'Receiver'}</Type><Code>${escapeXml(code)}</Code>`
        + `<Message>${escapeXml(message)}</Message></Error><RequestId>${REQUEST_ID}</RequestId></ErrorResponse>`);
    case 's3':
      return xml(status, `<Error><Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message><RequestId>${REQUEST_ID}</RequestId></Error>`);
  }
}

export function escapeXml(text: string): string {
  return text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function xml(status: number, body: string): HttpAnswer {
  return { status, headers: { 'content-type': 'text/xml', 'x-amzn-requestid': REQUEST_ID }, body };
}

function withHeaders(answer: HttpAnswer, headers: Readonly<Record<string, string>>): HttpAnswer {
  return { ...answer, headers: { ...answer.headers, ...headers } };
}
