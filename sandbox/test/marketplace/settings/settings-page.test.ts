import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Settings } from '../../../src/marketplace/settings/settings';

const PAGE = join(__dirname, '../../../../docs/sandbox-settings.md');

test('docs/sandbox-settings.md lists each setting as it is', () => {
  const rows = readFileSync(PAGE, 'utf8').split('\n').filter((line) => /^\| `[a-z]+\./.test(line));
  const code = (value: unknown) => `\`${String(value)}\``;
  expect(rows).toEqual(new Settings().list().settings.map((setting) => {
    const { minimum, maximum, ...listed } = setting.allowed as Record<string, unknown>;
    const others = Object.values(listed).filter((value) => value !== setting.default).map(code).join(', ');
    const allowed = minimum === undefined ? others : `${String(minimum)} to ${String(maximum)}`;
    const link = setting.facts.replace(/.*\/(marketplace-facts\.md#f-(.*))$/, (_, page: string, section: string) => `[${section.replaceAll('-', '.')}](${page})`);
    return `| ${code(setting.name)} | ${code(setting.default)} | ${allowed} | ${link} | ${setting.description} |`;
  }));
});
