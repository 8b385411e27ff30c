/** Progress and trouble, for people: one line each on stderr. */
export interface Log {
  info(text: string): void;
  warn(text: string): void;
}

export function stderrLog(quiet: boolean): Log {
  const write = (text: string): void => void process.stderr.write(`${text}\n`);
  return { info: quiet ? () => undefined : write, warn: write };
}
