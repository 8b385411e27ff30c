'use strict';
/** Writes docs/images/demo.svg, what `npm run demo` prints: `npm run --silent demo | node scripts/demo-picture.js`. */
const fs = require('node:fs');
const path = require('node:path');

const WIDTH = 980;
const LINE = 19;
const TOP = 52;
const COLORS = { page: '#14161b', text: '#d7dae0', time: '#7f8796', good: '#7fd88f', bad: '#f0b866' };

const escape = (text) => text.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign]);

/** Rows of the story: the part before has a free port in it, and the last line how long it took here. */
const printed = fs.readFileSync(0, 'utf8').replace(/ \(\d+ s\)$/m, '').split('\n');
const story = printed.slice(printed.findIndex((line) => /^\d{4}-\d\d-\d\d /.test(line))).join('\n').trimEnd().split('\n');

function row(line, index) {
  const time = /^\d{4}-\d\d-\d\d [\d:]{8}/.exec(line)?.[0] ?? '';
  const color = /^It balances/.test(line) ? COLORS.good : /500s|throttled|rejected,/.test(line) ? COLORS.bad : COLORS.text;
  const y = TOP + index * LINE;
  return `<text x="20" y="${y}" xml:space="preserve"><tspan fill="${COLORS.time}">${time}</tspan><tspan fill="${color}">${escape(line.slice(time.length))}</tspan></text>`;
}

const height = TOP + story.length * LINE;
fs.writeFileSync(path.join(__dirname, '../docs/images/demo.svg'), `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="What npm run demo prints">
<rect width="${WIDTH}" height="${height}" rx="10" fill="${COLORS.page}"/>
<g fill="#4a4f5b"><circle cx="24" cy="20" r="6"/><circle cx="44" cy="20" r="6"/><circle cx="64" cy="20" r="6"/></g>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13">
${story.map(row).join('\n')}
</g>
</svg>
`);
