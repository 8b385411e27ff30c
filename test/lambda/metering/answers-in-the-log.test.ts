import { createLogger } from '../../../lambda/adapters/aws/logging';
import { CallAnswer } from '../../../lambda/domain/usage/ledger/outcome';
import { LICENSE, LedgerFixture } from '../../support/ledger/ledger-fixture';

const refused = (cause: 'ACCESS' | 'UNAVAILABLE' | 'REQUEST'): CallAnswer => ({ kind: 'REFUSED', cause, code: 'TheCode', message: 'what AWS says' });

/** What the function's own logger writes while metering calls an API that answers only this. */
async function logOf(answer: CallAnswer): Promise<Record<string, unknown>[]> {
  const text: string[] = [];
  const spies = [process.stdout, process.stderr].map((stream) => jest.spyOn(stream, 'write').mockImplementation((chunk) => {
    text.push(String(chunk));
    return true;
  }));
  try {
    const world = new LedgerFixture({ log: createLogger('metering'), api: { submit: async () => answer } });
    world.subscribe('l-bbbb2222');
    await world.report(3);
    await world.report(4, { license: 'l-bbbb2222' });
    await world.at('2026-11-23T06:10:00Z').run();
  } finally {
    spies.forEach((spy) => spy.mockRestore());
  }
  return text.join('').trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
}

test.each<[string, CallAnswer, object]>([
  ['The outcome of a metering call is unknown', { kind: 'UNKNOWN', code: 'TheCode', message: 'what AWS says' }, { records: 2 }],
  ['AWS Marketplace refuses metering calls of this function: check the seller account, its region and product code', refused('ACCESS'), { records: 2 }],
  ['The metering API cannot be reached', refused('UNAVAILABLE'), { records: 2 }],
  ['A metering call was refused for one of its records: dividing it', refused('REQUEST'), { records: 2 }],
  ['AWS Marketplace refuses a metering record', refused('REQUEST'), { bucket: `${LICENSE}#ApiCalls#2026-11-23T05` }],
])('the log has what AWS said: %s', async (message, answer, about) => {
  const lines = await logOf(answer);
  expect(lines).toContainEqual(expect.objectContaining({ message, code: 'TheCode', reason: 'what AWS says', ...about }));
  // a field with a name of the logger's own would be dropped, with a warning of it
  expect(lines.filter((line) => String(line.message).includes('reserved'))).toEqual([]);
});
