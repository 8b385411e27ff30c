import { UsageError } from './usage-error';
import type { ProductOptions } from '../marketplace/app/given-products';

const MODELS = ['SUBSCRIPTION', 'CONTRACT', 'CONTRACT_WITH_CONSUMPTION'] as const;
const MODES = ['CONCURRENT', 'LEGACY'] as const;
const PRODUCT_FORM = 'code=…,model=SUBSCRIPTION,dimensions=A+B,url=https://…';

/** `NAME=VALUE`, any number of times. @throws UsageError */
export function namedValues(option: string, texts: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(texts.map((text) => {
    const equals = text.indexOf('=');
    if (equals < 1) {
      throw new UsageError(`${option} ${text}: expected NAME=VALUE`);
    }
    return [text.slice(0, equals), text.slice(equals + 1)];
  }));
}

/** `code=…,model=…,dimensions=A+B,url=…`. @throws UsageError */
export function product(text: string): ProductOptions {
  const fields = namedValues('--product', text.split(/,(?=[a-z]+=)/));
  const { code, dimensions, entitled, mode, model, seller, url, ...unknown } = fields;
  if (!code || Object.keys(unknown).length > 0) {
    throw new UsageError(`--product ${text}: expected ${PRODUCT_FORM} (also entitled=A+B, mode=LEGACY, seller=<account>)`);
  }
  return {
    code,
    ...model !== undefined && { model: oneOf(text, 'model', model, MODELS) },
    ...mode !== undefined && { mode: oneOf(text, 'mode', mode, MODES) },
    ...dimensions !== undefined && { dimensions: listOf(dimensions) },
    ...entitled !== undefined && { entitled: listOf(entitled) },
    ...url !== undefined && { url },
    ...seller !== undefined && { seller },
  };
}

/** The product as the command line has it. */
export function productArgument({ dimensions, entitled, ...fields }: ProductOptions): string {
  const lists = { dimensions: dimensions?.join('+'), entitled: entitled?.join('+') };
  return Object.entries({ ...fields, ...lists }).flatMap(([name, value]) => value === undefined ? [] : [`${name}=${value}`]).join(',');
}

function listOf(text: string): string[] {
  return text.split('+').filter(Boolean);
}

function oneOf<T extends string>(text: string, field: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) {
    throw new UsageError(`--product ${text}: ${field} must be one of ${allowed.join(', ')}`);
  }
  return found;
}
