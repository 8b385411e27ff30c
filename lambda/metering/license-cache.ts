import type { Clock } from '../domain/clock';
import { defined } from '../domain/defined';
import type { MeteredLicense, SubscriptionDirectory } from '../domain/subscription-directory';

/** Licenses kept in memory at once. */
const CAPACITY = 5000;

/** Reads each license once a run, as far as memory stays flat. */
export class LicenseCache {
  private readonly known = new Map<string, Promise<MeteredLicense | undefined>>();

  constructor(private readonly directory: SubscriptionDirectory, private readonly clock: Clock) {}

  async get(licenseId: string): Promise<MeteredLicense | undefined> {
    const known = this.known.get(licenseId);
    if (known) {
      return known;
    }
    if (this.known.size >= CAPACITY) {
      this.known.delete(this.known.keys().next().value!);
    }
    const read = this.read(licenseId);
    this.known.set(licenseId, read);
    read.catch(() => this.known.delete(licenseId));
    return read;
  }

  /** With the license by which a migrated buyer continues: what is late for the former key goes there. */
  private async read(licenseId: string): Promise<MeteredLicense | undefined> {
    const license = await this.directory.get(licenseId, this.clock.now());
    const continuation = license?.continuesAs === undefined ? undefined : await this.directory.get(license.continuesAs, this.clock.now());
    return license && defined({ ...license, continuation });
  }
}
