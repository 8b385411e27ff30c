import { Log } from '../ports';

export function stderrLog(quiet: boolean): Log {
  const write = (text: string): void => void process.stderr.write(`${text}\n`);
  return { info: quiet ? () => undefined : write, warn: write };
}
