import { readdirSync, readFileSync, statSync } from 'node:fs';
import * as path from 'node:path';
import { METRICS } from '../../src/metrics';
import { startHandler } from '../support/cold-start';

const ASSETS = path.join(__dirname, '..', '..', 'assets');

test('a buyer waits for the cold start of registration: its bundle is smaller than 400 KB', () => {
  expect(statSync(path.join(ASSETS, 'registration', 'index.js')).size).toBeLessThan(400_000);
});

test('the first page of a cold start is answered without what takes Node.js longest to load: its Request and Response', () => {
  const { first, loaded } = startHandler('registration', {
    httpMethod: 'GET', resource: '/', path: '/', headers: {}, requestContext: { path: '/live/' },
  });
  expect(first).toMatchObject({ statusCode: 200, body: expect.stringContaining('Acme') as string });
  expect(loaded.filter((name) => name.includes('undici') || /german|french|entitlement-client|seller-credentials/.test(name))).toEqual([]);
});

test('no bundle has what the dashboard and the docs say of metrics', () => {
  for (const name of readdirSync(ASSETS)) {
    const code = readFileSync(path.join(ASSETS, name, 'index.js'), 'utf8');
    expect({ name, found: Object.values(METRICS).filter(({ description }) => code.includes(description)) }).toEqual({ name, found: [] });
  }
});

test('no bundle asks instance metadata, files or single sign-on for credentials, and STS is in a file of its own', () => {
  for (const name of readdirSync(ASSETS)) {
    const code = readFileSync(path.join(ASSETS, name, 'index.js'), 'utf8');
    expect(code).toContain('AWS Lambda sets them from the role of the function');
    expect({ name, found: code.match(/169\.254\.170\.2|AssumeRoleWithWebIdentity|sso_start_url/g) }).toEqual({ name, found: null });
  }
});
