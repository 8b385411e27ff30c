import { statSync } from 'node:fs';
import * as path from 'node:path';
import type { Table } from './report';
import { HANDLERS } from '../../projenrc/handlers';
import { startHandler } from '../support/cold-start';

const TIMES = 15;
const FIRST_EVENTS: Readonly<Record<string, unknown>> = {
  registration: { httpMethod: 'GET', resource: '/', path: '/', headers: {}, requestContext: { path: '/live/' } },
};

/** CPU time from the start of a process to a loaded handler, and of its first answer: the least of many, which other processes disturb least. */
export async function coldStarts(): Promise<Table> {
  const rows = [undefined, ...HANDLERS].map((name) => {
    const starts = Array.from({ length: TIMES }, () => startHandler(name, name && FIRST_EVENTS[name]));
    const least = (of: 'start' | 'firstCall') => Math.min(...starts.map((start) => start[of] ?? NaN));
    const size = name === undefined ? '–' : Math.round(statSync(path.join(__dirname, '..', '..', 'assets', name, 'index.js')).size / 1000);
    const first = least('firstCall');
    return [name ?? 'Node.js alone', size, least('start').toFixed(0), Number.isNaN(first) ? '–' : first.toFixed(0)];
  });
  return { title: 'Cold starts', columns: ['handler', 'KB', 'start, ms of CPU', 'first page'], rows };
}
