import { Page } from './page';
import { METRICS } from '../../src/names';

test('the page lists every metric with its unit, its statistic and what it counts', () => {
  const rows = Object.values(METRICS).map(({ name, unit, statistic, description }) => [`\`${name}\``, unit, statistic, description]);
  expect(new Page('docs/metrics.md').text.split('\n').filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()))).toEqual(rows);
});
