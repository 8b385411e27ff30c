import { describeError } from '../../../lambda/domain/describe-error';

/** An error with this stack. */
function failure(message: string, ...frames: string[]): Error {
  return Object.assign(new TypeError(message), { stack: [`TypeError: ${message}`, ...frames].join('\n') });
}

const placeOf = (error: Error) => describeError(error, { message: false }).at;

test('an error is logged with its name, message and the request id of AWS, without its place', () => {
  const error = Object.assign(failure('no such table', '    at read (/var/task/index.js:12:34)'), { $metadata: { requestId: 'r-1' } });
  const described = { error: 'TypeError', reason: 'no such table', awsRequestId: 'r-1' };
  expect(describeError(error)).toStrictEqual(described);
  expect(describeError(error, {})).toStrictEqual(described);
  expect(describeError(error, { message: true })).toStrictEqual(described);
});

test('an error whose message may repeat what a buyer sent is logged with its place instead', () => {
  expect(describeError(failure('token abc is bad', '    at read (/var/task/index.js:12:34)', '    at next (/var/task/index.js:56:78)'), { message: false }))
    .toStrictEqual({ error: 'TypeError', at: 'at read (/var/task/index.js:12:34)' });
});

test.each(['text', undefined, null, { name: 'TypeError', message: 'secret' }])('what is thrown and is no error is not logged: %j', (thrown) => {
  expect(describeError(thrown)).toStrictEqual({ error: 'not an Error' });
});

test('an error without metadata of AWS has no request id', () => {
  expect(describeError(failure('x'))).toStrictEqual({ error: 'TypeError', reason: 'x' });
  expect(describeError(Object.assign(failure('x'), { $metadata: {} }))).toStrictEqual({ error: 'TypeError', reason: 'x' });
});

describe('the place of an error', () => {
  test.each([
    ['of a function', '    at read (/var/task/index.js:12:34)', 'at read (/var/task/index.js:12:34)'],
    ['of a module', '    at /var/task/index.js:1:2', 'at /var/task/index.js:1:2'],
  ])('the place of an error is the frame %s', (_what, frame, at) => {
    expect(placeOf(failure('x', frame))).toBe(at);
  });

  test.each([
    ['text before the word', '    not at read (/var/task/index.js:12:34)'],
    ['text after the place', '    at read (/var/task/index.js:12:34) of secret'],
    ['no column', '    at read (/var/task/index.js:12)'],
    ['no numbers', '    at read (secret:a:b)'],
    ['no place', '    at new Promise (<anonymous>)'],
  ])('the place of an error is not a line with %s', (_what, line) => {
    expect(placeOf(failure('x', line))).toBeUndefined();
    expect(placeOf(failure('x', line, '    at next (/var/task/index.js:5:6)'))).toBe('at next (/var/task/index.js:5:6)');
  });

  test('the place of an error is not a line of its message that looks like one', () => {
    expect(placeOf(failure('bad:\n    at secret (jo@example.com:1:2)\nend', '    at read (/var/task/index.js:12:34)'))).toBe('at read (/var/task/index.js:12:34)');
    expect(placeOf(failure('at secret:1:2'))).toBeUndefined();
  });

  test('the place of an error without a message is known too', () => {
    expect(placeOf(failure('', '    at read (/var/task/index.js:12:34)'))).toBe('at read (/var/task/index.js:12:34)');
  });

  test('the place of an error is not looked for in a stack that does not have its message, which may be anywhere in it', () => {
    const changed = Object.assign(failure('first', '    at secret (jo@example.com:1:2)'), { message: 'second' });
    expect(placeOf(changed)).toBeUndefined();
  });

  test('the place of an error without a stack is unknown', () => {
    expect(placeOf(Object.assign(new Error('x'), { stack: undefined }))).toBeUndefined();
  });
});
