/** Prints what happens as it happens, with the sandbox's time; silent when only data is asked for. */
export class Timeline {
  readonly entries: { readonly time: string; readonly text: string }[] = [];

  constructor(private readonly silent: boolean) {}

  say(time: string, text: string): void {
    this.entries.push({ time, text });
    if (!this.silent) console.log(`${time.slice(0, 10)} ${time.slice(11, 19)}  ${text}`);
  }

  heading(text: string): void {
    if (!this.silent) console.log(`\n${text}\n`);
  }
}
