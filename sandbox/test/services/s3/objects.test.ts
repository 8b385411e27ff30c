import type { FauxqsRequest } from '../../../src/services/fauxqs/fauxqs';
import { listKeys, objectUrl } from '../../../src/services/s3/objects';

/** An engine with one bucket, `exports`, whose listing has these pages; and the addresses that were asked for. */
function listing(...pages: readonly string[]) {
  const urls: string[] = [];
  const request = async ({ url }: FauxqsRequest) => {
    urls.push(url);
    return { status: url.startsWith('/exports?') ? 200 : 404, headers: {}, body: Buffer.from(`<ListBucketResult>${pages[urls.length - 1]}</ListBucketResult>`) };
  };
  return { request, urls };
}

const contents = (key: string) => `<Contents><Key>${key}</Key><Size>1</Size></Contents>`;

test('a listing names the keys as they were given, though XML escapes them, and an address asks for them escaped', async () => {
  const keys = await listKeys(listing(contents('a/b c') + contents('a/b&amp;&lt;c&gt;')), 'exports', 'a/');
  expect(keys).toEqual(['a/b c', 'a/b&<c>']);
  expect(keys.map((key) => objectUrl('exports', key))).toEqual(['/exports/a/b%20c', '/exports/a/b%26%3Cc%3E']);
});

test('a listing of several pages names the keys of all of them', async () => {
  const engine = listing(`${contents('a/1')}<NextContinuationToken>YS8x+=</NextContinuationToken>`, contents('a/2'));
  expect(await listKeys(engine, 'exports', 'a/')).toEqual(['a/1', 'a/2']);
  expect(engine.urls).toEqual(['/exports?list-type=2&prefix=a%2F', '/exports?list-type=2&prefix=a%2F&continuation-token=YS8x%2B%3D']);
});

test('a bucket that does not exist has no objects', async () => {
  expect(await listKeys(listing(), 'nowhere', '')).toEqual([]);
});
