import { Product } from './product';

export interface Usage {
  readonly id?: string;
  readonly dimension?: string;
  /** Default: now. */
  readonly time?: string;
}

let lastId = 0;

/** The product's worker reports usage through the queue. */
export async function used(product: Product, license: string, quantity: number, usage: Usage = {}): Promise<void> {
  const { id = `usage-${++lastId}`, dimension = 'ApiCalls', time = await product.now() } = usage;
  await product.report({ id, license, dimension, quantity, time });
}
