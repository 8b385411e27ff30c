import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Page } from './page';

const PAGES = [
  'README.md', 'CONTRIBUTING.md', 'sandbox/README.md', 'examples/python/README.md',
  'docs/architecture.md', 'docs/metering.md', 'docs/runbook.md', 'docs/sandbox-settings.md', 'docs/testing.md',
];

test.each(PAGES)('links of %s lead to a file or heading that is there', (path) => {
  const dead = new Page(path).links().filter((target) => {
    const [file, anchor] = target.split('#');
    const to = file === '' ? path : join(dirname(path), file);
    if (!existsSync(join(__dirname, '../..', to))) return true;
    return anchor !== undefined && !new Page(to).anchors().includes(anchor);
  });
  expect(dead).toEqual([]);
});
