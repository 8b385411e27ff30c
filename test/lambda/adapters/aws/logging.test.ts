import { createLogger, createMetrics } from '../../../../lambda/adapters/aws/logging';
import { describeError } from '../../../../lambda/domain/describe-error';
import { METRICS } from '../../../../src/names';

function captureStdout(lines: string[]): jest.SpyInstance {
  return jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
}

describe('metrics', () => {
  test('metrics have exactly the namespace and dimension that alarms use', () => {
    const lines: string[] = [];
    const spy = captureStdout(lines);
    const metrics = createMetrics('StackMarketplace1A2B');
    metrics.add(METRICS.BUYERS_REGISTERED);
    metrics.add(METRICS.BUYERS_REGISTERED, 2);
    metrics.add(METRICS.OLDEST_PENDING_USAGE_AGE, 90);
    metrics.flush();
    spy.mockRestore();

    const written = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(written).toHaveLength(1);
    expect(written[0]).toMatchObject({
      _aws: {
        CloudWatchMetrics: [{
          Namespace: 'MarketplaceSaas',
          Dimensions: [['Integration']],
          Metrics: [{ Name: 'BuyersRegistered', Unit: 'Count' }, { Name: 'OldestPendingUsageAge', Unit: 'Seconds' }],
        }],
      },
      Integration: 'StackMarketplace1A2B',
      BuyersRegistered: [1, 2],
      OldestPendingUsageAge: 90,
    });
  });

  test('metrics keep their dimension after a flush', () => {
    const lines: string[] = [];
    const spy = captureStdout(lines);
    const metrics = createMetrics('A');
    for (let run = 0; run < 2; run += 1) {
      metrics.add(METRICS.OUTBOX_BACKLOG, run);
      metrics.flush();
    }
    spy.mockRestore();
    expect(lines.map((line) => (JSON.parse(line) as Record<string, unknown>).Integration)).toEqual(['A', 'A']);
  });
});

describe('describeError', () => {
  test('the message is left out where it could repeat what the buyer sent', () => {
    const error = Object.assign(new Error('token abc is bad'), { name: 'InvalidTokenException', $metadata: { requestId: 'r-1' } });
    expect(describeError(error, { message: false })).toEqual({
      error: 'InvalidTokenException', awsRequestId: 'r-1', at: expect.stringMatching(/^at .*logging\.test\.ts:\d+:\d+\)?$/),
    });
    expect(describeError(error)).toEqual({ error: 'InvalidTokenException', reason: 'token abc is bad', awsRequestId: 'r-1' });
    expect(describeError('thrown text')).toEqual({ error: 'not an Error' });
  });
});

describe('a logged error', () => {
  test('a logged error has its name, its reason and the other fields', () => {
    const lines: string[] = [];
    const spies = [process.stdout, process.stderr].map((stream) => jest.spyOn(stream, 'write').mockImplementation((text) => {
      lines.push(String(text));
      return true;
    }));
    createLogger('agreement-events').error('Agreement event failed', { messageId: 'm-1', ...describeError(new TypeError('no time')) });
    spies.forEach((spy) => spy.mockRestore());
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([expect.objectContaining({
      level: 'ERROR', service: 'agreement-events', message: 'Agreement event failed', messageId: 'm-1', error: 'TypeError', reason: 'no time',
    })]);
  });
});
