import { AwsError } from '../../errors';
import type { Fauxqs } from '../fauxqs/fauxqs';

/** Path of an object in requests to the engine. */
export function objectUrl(bucket: string, key: string): string {
  return `/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
}

/**
 * Keys of all objects of a bucket below a prefix, page by page. A bucket that does not exist has none.
 *
 * @throws AwsError when the engine refuses the request for another reason
 */
export async function listKeys(engine: Pick<Fauxqs, 'request'>, bucket: string, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  let next: string | undefined;
  do {
    const query = new URLSearchParams({ 'list-type': '2', prefix, ...next !== undefined && { 'continuation-token': next } });
    const { status, body } = await engine.request({ method: 'GET', url: `/${bucket}?${query.toString()}`, headers: {} });
    if (status === 404) {
      return [];
    }
    if (status >= 300) {
      throw new AwsError('InternalFailure', `the objects of the bucket ${bucket} cannot be listed: ${body.toString()}`, 500);
    }
    keys.push(...keysIn(body));
    [next] = textsOf('NextContinuationToken', body);
  } while (next !== undefined);
  return keys;
}

/** Keys of objects in the XML of a request or an answer. */
export function keysIn(xml: Buffer): string[] {
  return textsOf('Key', xml);
}

function textsOf(element: 'Key' | 'NextContinuationToken', xml: Buffer): string[] {
  return [...xml.toString('utf8').matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, 'g'))].map(([, text = '']) => unescaped(text));
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescaped(xml: string): string {
  return xml.replace(/&(?:#(\d+)|#x([\da-fA-F]+)|(\w+));/g, (text, decimal?: string, hexadecimal?: string, name = '') => {
    const code = decimal !== undefined ? Number(decimal) : hexadecimal !== undefined ? parseInt(hexadecimal, 16) : undefined;
    return code === undefined ? ENTITIES[name] ?? text : String.fromCodePoint(code);
  });
}
