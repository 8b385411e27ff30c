const DAY_MS = 24 * 3_600_000;
/** Stories are at home here, days before a month's end. */
const HOME = Date.parse('2026-11-23T00:00:00Z');

/**
 * Days on which a story can be played again. A function that stays warm must not see time go back, so each play is some
 * days after the one before; as far from a month's end as the first.
 */
export class Calendar {
  private day = HOME;

  /** Days from home to the next play. */
  next(): number {
    do this.day += 2 * DAY_MS; while (new Date(this.day).getUTCDate() > 25);
    return (this.day - HOME) / DAY_MS;
  }
}

/** Every date of this century in `text` (JSON, say) so many days later; epoch milliseconds too. */
export function shiftDates(text: string, days: number): string {
  return text
    .replace(/\b20\d\d-\d\d-\d\d(?=T\d\d)/g, (date) => new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10))
    .replace(/(?<=:)[12]\d{12}\b/g, (instant) => String(Number(instant) + days * DAY_MS));
}
