import { setTimeout as sleep } from 'node:timers/promises';
import { CdkCli } from './aws/cdk';
import { createClients } from './aws/clients';
import { request } from './aws/http';
import { main } from './main';

const interruption = new AbortController();
const interrupt = (): void => {
  process.stderr.write(interruption.signal.aborted
    ? 'The removal is under way. If you end it by force, run the live check again with --remove.\n'
    : 'Interrupted: the step under way ends, then everything is removed.\n');
  interruption.abort();
};
['SIGINT', 'SIGTERM', 'SIGHUP'].forEach((signal) => process.on(signal, interrupt));

const printError = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

main(process.argv.slice(2), {
  env: process.env,
  clientsOf: createClients,
  cdk: (options) => new CdkCli(options, printError),
  request,
  clock: (signal) => ({
    now: () => Date.now(),
    sleep: async (ms) => {
      await sleep(ms, undefined, { signal });
    },
  }),
  interrupted: interruption.signal,
  print: (line) => process.stdout.write(`${line}\n`),
  printError,
}).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    printError(error instanceof Error ? String(error.stack) : String(error));
    process.exitCode = 1;
  },
);
