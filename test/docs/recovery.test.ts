import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Page } from './page';
import { readRebuildRequest } from '../../lambda/reconciliation/rebuild-request';

const page = new Page('docs/recovery.md');
const source = (file: string) => readFileSync(join(__dirname, '../../lambda', file), 'utf8');

describe('the page on recovery', () => {
  test('has requests that the function accepts', () => {
    const payloads = [...page.fences('sh').join('\n').matchAll(/^ask "\$RECONCILIATION" '(.*)'$/gm)].map(([, text]) => JSON.parse(text));
    expect(payloads.map((payload) => readRebuildRequest(payload))).toEqual([
      { dryRun: true, productId: 'prod-abcdef1234567', position: { done: 0 } },
      { dryRun: false, productId: 'prod-abcdef1234567', position: { done: 0 } },
    ]);
  });

  test('explains every reason for which an agreement is left out', () => {
    const [type] = /export type SkipReason =[\s\S]*?;/.exec(source('domain/subscription/rebuilt-facts.ts'))!;
    const reasons = [...type.matchAll(/\| '(\w+)'/g)].map(([, reason]) => reason);
    const cells = page.text.split('\n').flatMap((line) => /^\| (`[A-Z].*?) \|/.exec(line)?.[1] ?? []);
    const rows = cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, reason]) => reason));
    expect(rows.sort()).toEqual(reasons.sort());
  });

  test('searches for log lines that the function writes', () => {
    const written = [...source('reconciliation/rebuild.ts').matchAll(/'(Rebuild [^']+)'/g)].map(([, message]) => message);
    expect(written).toHaveLength(5);
    expect(page.text).toContain('message like /^Rebuild/');
  });
});
