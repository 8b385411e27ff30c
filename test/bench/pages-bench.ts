import { gzipSync } from 'node:zlib';
import type { Table } from './report';
import { cookieOf, csrfToken, publicIdOf } from '../../lambda/registration/session-cookie';
import { errorPage } from '../../src/private/registration-error-page';
import { gatewayEvent } from '../support/integration';
import { MemoryRegistrations } from '../support/registration/memory-registrations';
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

const BUYERS = 1_000;

/** Time of the handler alone, with AWS and the tables in memory: what a request costs beside their answers. */
export async function requests(): Promise<Table> {
  const app = new MemoryRegistrations(ACME);
  const times: Record<string, number[]> = {};
  const ask = async (name: string, request: Parameters<typeof gatewayEvent>[0]) => {
    const start = performance.now();
    await app.handle(gatewayEvent(request));
    (times[name] ??= []).push(performance.now() - start);
  };
  for (let buyer = 0; buyer < BUYERS; buyer++) {
    await ask('POST of the token', { method: 'POST', form: { 'x-amzn-marketplace-token': 'token' } });
    const handle = [...app.sessions.keys()].at(-1) ?? '';
    const id = publicIdOf(handle);
    const page = { path: `/register/${id}`, headers: { Cookie: `${cookieOf(id).name}=${handle}` } };
    const form = { email: 'jo@example.com', contactName: 'Jo', company: 'Acme', csrf: csrfToken(handle) };
    await ask('form', page);
    await ask('POST of the form', { ...page, method: 'POST', form });
    await ask('confirmation', page);
    app.telemetry.lines.length = 0;
  }
  const rows = Object.entries(times).map(([name, all]) => [name, ...[0.5, 0.99].map((share) => percentile(all, share).toFixed(2))]);
  return { title: `Requests of ${BUYERS.toLocaleString('en')} buyers`, columns: ['request', 'p50, ms', 'p99, ms'], rows };
}

function percentile(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(share * (values.length - 1))] ?? 0;
}
