/*
 * The few types of MessagePack that an answer of Graphite needs: https://github.com/msgpack/msgpack/blob/master/spec.md. Lengths and numbers
 * are big-endian.
 */

/** Nil for NaN, an integer where the number is one that fits in 32 bits, else a 64-bit float. */
export function packNumber(value: number): Buffer {
  if (value !== value) return NIL;
  if (Number.isInteger(value) && value >= 0 && value < 2 ** 32 && !Object.is(value, -0)) return packUnsigned(value);
  const bytes = Buffer.allocUnsafe(9);
  bytes[0] = 0xcb;
  bytes.writeDoubleBE(value, 1);
  return bytes;
}

export function packString(text: string): Buffer {
  const bytes = Buffer.from(text, "utf8");
  const { length } = bytes;
  if (length < 32) return Buffer.concat([Buffer.of(0xa0 | length), bytes]);
  if (length < 2 ** 8) return Buffer.concat([Buffer.of(0xd9, length), bytes]);
  return Buffer.concat([length < 2 ** 16 ? head16(0xda, length) : head32(0xdb, length), bytes]);
}

/** What comes before the elements of an array. */
export function packArrayHead(length: number): Buffer {
  if (length < 16) return Buffer.of(0x90 | length);
  return length < 2 ** 16 ? head16(0xdc, length) : head32(0xdd, length);
}

/** What comes before the keys and values of a map. */
export function packMapHead(entries: number): Buffer {
  if (entries < 16) return Buffer.of(0x80 | entries);
  return entries < 2 ** 16 ? head16(0xde, entries) : head32(0xdf, entries);
}

const NIL = Buffer.of(0xc0);

function packUnsigned(value: number): Buffer {
  if (value < 2 ** 7) return Buffer.of(value);
  if (value < 2 ** 8) return Buffer.of(0xcc, value);
  return value < 2 ** 16 ? head16(0xcd, value) : head32(0xce, value);
}

function head16(type: number, value: number): Buffer {
  const bytes = Buffer.allocUnsafe(3);
  bytes[0] = type;
  bytes.writeUInt16BE(value, 1);
  return bytes;
}

function head32(type: number, value: number): Buffer {
  const bytes = Buffer.allocUnsafe(5);
  bytes[0] = type;
  bytes.writeUInt32BE(value, 1);
  return bytes;
}
