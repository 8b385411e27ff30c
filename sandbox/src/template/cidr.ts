/** The first `count` subnets with `bits` host bits (default 8) of an IPv4 block; undefined when the arguments make no sense. */
export function cidrBlocks(block: string, count: number, bits = 8): string[] | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(block);
  if (match === null || !Number.isInteger(count) || count < 1 || !Number.isInteger(bits) || bits < 0 || bits > 32) {
    return undefined;
  }
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = match.slice(1).map(Number);
  const size = 2 ** bits;
  const start = ((a * 256 + b) * 256 + c) * 256 + d;
  if (prefix > 32 || count * size > 2 ** (32 - prefix)) {
    return undefined;
  }
  return Array.from({ length: count }, (_, index) => `${dotted(start + index * size)}/${32 - bits}`);
}

function dotted(address: number): string {
  return [3, 2, 1, 0].map((byte) => Math.floor(address / 256 ** byte) % 256).join('.');
}
