import { deflateRawSync, inflateRawSync } from "node:zlib";

const BYTES = Float64Array.BYTES_PER_ELEMENT;

/**
 * Doubles as few bytes, to the bit: all first bytes, then all second ones, and so on, because sign and exponent hardly change
 * from value to value; then deflate at its fastest.
 */
export function packColumn(values: Float64Array): Uint8Array {
  const plain = littleEndian(values);
  const planes = new Uint8Array(plain.length);
  const count = values.length;
  for (let i = 0; i < count; i++) for (let b = 0; b < BYTES; b++) planes[b * count + i] = plain[i * BYTES + b];
  return deflateRawSync(planes, { level: 1 });
}

/** @throws where the bytes are not what `packColumn` made of this many values. */
export function unpackColumn(packed: Uint8Array, count: number): Float64Array {
  const planes = inflateRawSync(packed, { maxOutputLength: Math.max(1, count * BYTES) });
  if (planes.length !== count * BYTES) {
    throw new RangeError(`a column holds ${planes.length} bytes where ${count * BYTES} were written`);
  }
  const plain = new Uint8Array(planes.length);
  for (let i = 0; i < count; i++) for (let b = 0; b < BYTES; b++) plain[i * BYTES + b] = planes[b * count + i];
  const view = new DataView(plain.buffer);
  return Float64Array.from({ length: count }, (_, i) => view.getFloat64(i * BYTES, true));
}

function littleEndian(values: Float64Array): Uint8Array {
  const bytes = new Uint8Array(values.length * BYTES);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => {
    view.setFloat64(i * BYTES, value, true);
  });
  return bytes;
}
