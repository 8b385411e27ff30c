import { gzipSync } from 'node:zlib';
import type { Table } from './report';
import { errorPage } from '../../src/private/registration-error-page';
import { ACME, pageStates } from '../support/registration/page-states';

const STATES = ['form', 'form-problem', 'form-all-fields', 'form-defaults', 'registered', 'already-registered', 'ended', 'try-again', 'refused-invalid'];

/** Bytes of HTML a page. */
export async function pages(): Promise<Table> {
  const states: Record<string, string> = await pageStates();
  const all = [...STATES.map((state) => [state, states[state] ?? ''] as const), ['error of API Gateway', errorPage(ACME)] as const];
  const bytes = (size: number) => size.toLocaleString('en');
  const rows = all.map(([state, html]) => [state, bytes(Buffer.byteLength(html)), bytes(gzipSync(html).length)]);
  return { title: 'HTML of a page', columns: ['page', 'bytes', 'gzipped'], rows };
}
