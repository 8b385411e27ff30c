import type { EventSourceMappingModel } from './model';
import type { FunctionModel } from '../../model';

/** What an operator switches without a deployment: functions by a reserved concurrency of 0, and event source mappings. */
export class Switches {
  private readonly concurrency = new Map<string, number | undefined>();
  private readonly mappings = new Map<string, boolean>();

  reservedConcurrency({ arn, reservedConcurrency }: FunctionModel): number | undefined {
    return this.concurrency.has(arn) ? this.concurrency.get(arn) : reservedConcurrency;
  }

  /** Whether a function may run at all. Other limits than 0 are not emulated: the sandbox does one thing after the other. */
  isStopped(fn: FunctionModel): boolean {
    return this.reservedConcurrency(fn) === 0;
  }

  reserve({ arn }: FunctionModel, concurrency: number | undefined): void {
    this.concurrency.set(arn, concurrency);
  }

  isEnabled({ uuid, enabled }: EventSourceMappingModel): boolean {
    return this.mappings.get(uuid) ?? enabled;
  }

  enable({ uuid }: EventSourceMappingModel, enabled: boolean): void {
    this.mappings.set(uuid, enabled);
  }

  /** As the template says. */
  reset(): void {
    this.concurrency.clear();
    this.mappings.clear();
  }
}
