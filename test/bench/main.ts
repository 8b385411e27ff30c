import { cpus } from 'node:os';
import { falseAlarms } from './alarms-bench';
import { bucket } from './bucket-bench';
import { coldStarts } from './cold-start-bench';
import { contractChecks, resourcesByModel } from './contracts-bench';
import { drain, growth, intake } from './ledger-bench';
import { pages, requests } from './pages-bench';
import { reconciliation } from './reconciliation-bench';
import { drainBesideRefusals } from './refused-bench';
import { markdown, Table } from './report';
import { example, idle } from './sandbox-bench';

const SECTIONS: Readonly<Record<string, () => Promise<Table[]>>> = {
  example,
  idle: async () => [await idle()],
  pages: async () => [await pages(), await requests()],
  starts: async () => [await coldStarts()],
  intake: async () => [await intake([1, 10, 100], 10_000)],
  drain: async () => [await drain([1_000, 10_000, 100_000])],
  refused: async () => [await drainBesideRefusals([
    ['CustomerNotSubscribed', 0], ['CustomerNotSubscribed', 0.01], ['CustomerNotSubscribed', 0.5],
    ['InvalidLicenseException', 0.01], ['InvalidLicenseException', 0.5],
  ])],
  reconciliation: async () => [await reconciliation([1_000, 10_000])],
  contracts: async () => [await contractChecks([1_000, 10_000])],
  models: async () => [resourcesByModel()],
  alarms: async () => [await falseAlarms()],
  bucket: async () => [await bucket([20_000, 100_000])],
  growth: async () => [await growth([1_000, 10_000, 100_000])],
};

async function main(names: readonly string[]): Promise<void> {
  const unknown = names.find((name) => !(name in SECTIONS));
  if (unknown) throw new Error(`no benchmark is called ${unknown}: choose of ${Object.keys(SECTIONS).join(', ')}`);
  console.log(`${cpus().length} x ${cpus()[0].model}, Node ${process.version}\n`);
  for (const name of names.length > 0 ? names : Object.keys(SECTIONS)) {
    for (const table of await SECTIONS[name]()) console.log(markdown(table));
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
