import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Page } from './page';

const PAGES = [
  'README.md', 'CONTRIBUTING.md', 'sandbox/README.md', 'examples/python/README.md',
  ...readdirSync(join(__dirname, '../../docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`),
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
