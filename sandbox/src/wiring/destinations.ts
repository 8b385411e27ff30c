import { serviceOf } from '../arn';
import { Delivery } from '../ports';

/** False when there is nothing by that ARN. Throws when the delivery itself fails, a `DeliveryError` when it is refused. */
export type DestinationHandler = (arn: string, delivery: Delivery) => Promise<boolean>;

/** Sends to what an ARN names: rule targets, dead-letter queues, subscribers, destinations of asynchronous invocations. */
export class Destinations {
  private readonly handlers = new Map<string, DestinationHandler>();

  /** `service`: service segment of the ARNs. */
  add(service: string, handler: DestinationHandler): void {
    this.handlers.set(service, handler);
  }

  /** False when the sandbox has nothing by that ARN, or of that kind. Throws when the delivery itself fails. */
  async send(arn: string, delivery: Delivery): Promise<boolean> {
    return await this.handlers.get(serviceOf(arn))?.(arn, delivery) ?? false;
  }
}
