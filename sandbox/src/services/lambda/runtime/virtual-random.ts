/*
 * Randomness inside a function's process: what a handler draws depends on its invocation alone, so that ids, tokens and the jitter of
 * retries are the same in each play of a story. Keys that `node:crypto` generates stay random.
 */
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';

const FRACTION_BYTES = 6;

export interface VirtualRandom {
  /** What is drawn from now on depends on `seed` alone. */
  restart(seed: string): void;
}

type Bytes = NodeJS.ArrayBufferView;
type Callback<T> = (error: Error | null, value: T) => void;

/** Replaces `Math.random` and the random functions of `node:crypto` and of the global `crypto`. */
export function installVirtualRandom(initial: string): VirtualRandom {
  let next = generator(initial);
  const fraction = (): number => next(FRACTION_BYTES).readUIntBE(0, FRACTION_BYTES) / 256 ** FRACTION_BYTES;
  const fill = <T extends Bytes>(view: T, offset = 0, size = view.byteLength - offset): T => {
    new Uint8Array(view.buffer, view.byteOffset + offset, size).set(next(size));
    return view;
  };
  const randomBytes = (size: number, callback?: Callback<Buffer>) => answer(next(size), callback);
  const randomInt = (low: number, high?: number | Callback<number>, callback?: Callback<number>) => {
    const [min, max] = typeof high === 'number' ? [low, high] : [0, low];
    return answer(min + Math.floor(fraction() * (max - min)), typeof high === 'function' ? high : callback);
  };
  const randomUUID = () => {
    const bytes = next(16);
    bytes[6] = 0x40 + bytes[6] % 0x10;
    bytes[8] = 0x80 + bytes[8] % 0x40;
    return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  };
  const randomFill = (view: Bytes, ...more: [...number[], Callback<Bytes>]) => {
    const callback = more.pop() as Callback<Bytes>;
    answer(fill(view, ...more as number[]), callback);
  };
  const getRandomValues = <T extends Bytes>(view: T) => fill(view);

  Math.random = fraction;
  replace(crypto, { randomBytes, randomInt, randomUUID, randomFill, randomFillSync: fill });
  // That of `node:crypto` calls the one of the global `crypto`.
  replace(globalThis.crypto, { randomUUID, getRandomValues });
  syncBuiltinESMExports();
  return {
    restart: (seed) => {
      next = generator(seed);
    },
  };
}

function replace(target: object, functions: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(functions)) {
    Object.defineProperty(target, name, { value, configurable: true, enumerable: true, writable: true });
  }
}

function answer<T>(value: T, callback: Callback<T> | undefined): T | undefined {
  if (!callback) {
    return value;
  }
  process.nextTick(callback, null, value);
  return undefined;
}

/** Bytes that depend on the seed alone, however many are asked for at a time: the key stream of AES in counter mode. */
function generator(seed: string): (size: number) => Buffer {
  const key = crypto.createHash('sha256').update(seed).digest();
  const cipher = crypto.createCipheriv('aes-128-ctr', key.subarray(0, 16), key.subarray(16));
  return (size) => cipher.update(Buffer.alloc(size));
}
