/** An event, message or notification that reached no one: no target, a refusal, or no attempts left and no dead-letter queue. */
export interface LostEvent {
  /** ISO 8601, virtual. */
  readonly time: string;
  /** The rule, topic or function it comes from. */
  readonly from: string;
  /** ARN or name of where it should have gone; absent when there is nowhere to send it. */
  readonly to?: string;
  readonly reason: string;
}

const KEPT = 1_000;

/** The last 1,000 lost events. */
export class LostEvents {
  private kept: LostEvent[] = [];

  add(now: number, event: Omit<LostEvent, 'time'>): void {
    this.kept.push({ time: new Date(now).toISOString(), ...event });
    if (this.kept.length > KEPT) {
      this.kept.shift();
    }
  }

  list(): readonly LostEvent[] {
    return this.kept;
  }

  clear(): void {
    this.kept = [];
  }
}
