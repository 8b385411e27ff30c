import Big from 'big.js';
import type { Nonsense, UsageDraft } from './commands';
import type { Item, Product } from './product';

/** Units of a dimension that one unit of each meter is worth; as the app has it. */
const METERS: Readonly<Record<UsageDraft['meter'], { readonly dimension: string; readonly units: string; readonly field: Item }>> = {
  ApiCalls: { dimension: 'ApiCalls', units: '1', field: { dimension: 'ApiCalls' } },
  Units: { dimension: 'Units', units: '1', field: { dimension: 'Units' } },
  BackupMb: { dimension: 'Units', units: '0.01', field: { metric: 'BackupMb' } },
};

/** A valid record, as the app knows it. */
export interface Reported {
  readonly record: Item;
  readonly dimension: string;
  readonly units: Big;
}

/** The model: which records the app has reported. Of several under one id, one is to be accepted, whichever came first. */
export class Reports {
  /** By license and id; different contents of one id. */
  readonly valid = new Map<string, Reported[]>();
  /** Messages that hold nothing valid. */
  nonsensical = 0;
  private readonly sent: Reported[] = [];
  private readonly nonce: () => string;

  constructor(private readonly product: Product) {
    let last = 0;
    this.nonce = () => `r${++last}`;
  }

  async report(license: string, drafts: readonly UsageDraft[]): Promise<void> {
    const now = Date.parse(await this.product.sandbox.clock());
    const reported = drafts.map(({ meter, quantity, minutesAgo }): Reported => {
      const { dimension, units, field } = METERS[meter];
      const time = new Date(now - minutesAgo * 60_000).toISOString();
      return { record: { id: this.nonce(), license, quantity, time, ...field }, dimension, units: new Big(quantity).times(units) };
    });
    reported.forEach((each) => this.note(each));
    await this.product.report(...reported.map(({ record }) => record));
  }

  async again(which: number): Promise<void> {
    const old = this.pick(which);
    if (old) await this.product.report(old.record);
  }

  async conflict(which: number, quantity: number): Promise<void> {
    const old = this.pick(which);
    if (!old || old.record.quantity === quantity) return;
    const factor = old.record.metric === undefined ? '1' : METERS.BackupMb.units;
    const other = { ...old, record: { ...old.record, quantity }, units: new Big(quantity).times(factor) };
    this.note(other);
    await this.product.report(other.record);
  }

  async nonsense(license: string, kind: Nonsense): Promise<void> {
    const now = Date.parse(await this.product.sandbox.clock());
    const record = { id: this.nonce(), license, dimension: 'ApiCalls', quantity: 5, time: new Date(now).toISOString() };
    this.nonsensical += 1;
    switch (kind) {
      case 'not JSON': return this.product.send(`{"id": ${record.id}`);
      case 'unknown dimension': return this.product.report({ ...record, dimension: 'Smiles' });
      case 'negative': return this.product.report({ ...record, quantity: -5 });
      case 'in the future': return this.product.report({ ...record, time: new Date(now + 7 * 24 * 3_600_000).toISOString() });
    }
  }

  private pick(which: number): Reported | undefined {
    return this.sent.length === 0 ? undefined : this.sent[which % this.sent.length];
  }

  private note(reported: Reported): void {
    const key = `${String(reported.record.license)} ${String(reported.record.id)}`;
    const known = this.valid.get(key) ?? [];
    if (known.some(({ record }) => record.quantity === reported.record.quantity)) return;
    this.valid.set(key, [...known, reported]);
    this.sent.push(reported);
  }
}
