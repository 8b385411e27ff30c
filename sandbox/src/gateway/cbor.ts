/** The value in CBOR (RFC 8949), as `smithy-rpc-v2-cbor` sends it. Tags are dropped: a time is epoch seconds. */
export function decodeCbor(bytes: Buffer): unknown {
  return new CborReader(bytes).value();
}

const INDEFINITE = 31;
const BREAK = 0xff;

class CborReader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  value(): unknown {
    const head = this.bytes.readUInt8(this.at++);
    const [major, info] = [Math.floor(head / 32), head % 32];
    switch (major) {
      case 0: return this.count(info);
      case 1: return -1 - this.count(info);
      case 2: return this.text(info, 'base64');
      case 3: return this.text(info, 'utf8');
      case 4: return this.items(info, () => this.value());
      case 5: return Object.fromEntries(this.items(info, () => [this.value() as string, this.value()] as const));
      case 6:
        this.count(info);
        return this.value();
      default: return this.simple(info);
    }
  }

  private items<T>(info: number, read: () => T): T[] {
    if (info !== INDEFINITE) {
      return Array.from({ length: this.count(info) }, read);
    }
    const items: T[] = [];
    while (this.bytes[this.at] !== BREAK) {
      items.push(read());
    }
    this.at++;
    return items;
  }

  private text(info: number, encoding: BufferEncoding): string {
    if (info === INDEFINITE) {
      return this.items(info, () => this.value() as string).join('');
    }
    const length = this.count(info);
    this.at += length;
    return this.bytes.toString(encoding, this.at - length, this.at);
  }

  private count(info: number): number {
    switch (info) {
      case 24: return this.skip(1, this.bytes.readUInt8(this.at));
      case 25: return this.skip(2, this.bytes.readUInt16BE(this.at));
      case 26: return this.skip(4, this.bytes.readUInt32BE(this.at));
      case 27: return this.skip(8, Number(this.bytes.readBigUInt64BE(this.at)));
      default: return info;
    }
  }

  private simple(info: number): unknown {
    switch (info) {
      case 20: return false;
      case 21: return true;
      case 22: return null;
      case 26: return this.skip(4, this.bytes.readFloatBE(this.at));
      case 27: return this.skip(8, this.bytes.readDoubleBE(this.at));
      case 25: return this.skip(2, half(this.bytes.readUInt16BE(this.at)));
      default: return undefined;
    }
  }

  private skip<T>(length: number, value: T): T {
    this.at += length;
    return value;
  }
}

/** A number of 16 bits: sign, exponent of 5, fraction of 10. */
function half(bits: number): number {
  const [sign, exponent, fraction] = [bits >= 0x8000 ? -1 : 1, Math.floor(bits / 1024) % 32, bits % 1024];
  if (exponent === 31) {
    return fraction > 0 ? NaN : sign * Infinity;
  }
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}
