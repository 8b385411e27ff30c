import type { Finding } from './types';

const KEPT = 1_000;

/** What a seller should know and no API shows, double billing above all. Each is kept once, at most 1,000. */
export class Findings {
  private readonly found = new Map<string, Finding>();

  add(severity: Finding['severity'], code: string, message: string): void {
    if (this.found.size < KEPT) {
      this.found.set(`${code} ${message}`, { severity, code, message });
    }
  }

  list(): Finding[] {
    return [...this.found.values()];
  }

  reset(): void {
    this.found.clear();
  }
}
