/**
 * Doubles in few bytes and without loss: in blocks, each as bytes if all of its values are from -1 to 254, else as 16-bit integers,
 * else as 32-bit ones, else as 32-bit floats if none loses a digit, else as they are. States of detectors are mostly integers (features/quantise.ts), which makes them two to four times smaller.
 *
 *     0   4 bytes   number of values
 *     4   …         one byte a block: how many bytes a value takes, 5 for a 32-bit float; zeros up to a multiple of 8
 *     …   …         the blocks, in the machine's byte order, each at a multiple of 8
 */
const BLOCK = 1024;
/** In a 16-bit block this stands for `LEAST`, the 32-bit integer that a slot without a value is. */
const LEAST_CODE = -0x8000;
const LEAST = -0x80000000;

/** Of a block of 32-bit floats, in the place of a number of bytes. */
const FLOAT = 5;
type Width = 1 | 2 | 4 | typeof FLOAT | 8;
const bytesOf = (width: number) => (width === FLOAT ? 4 : width);

const align8 = (n: number) => (n + 7) & ~7;
const blocksOf = (count: number) => Math.ceil(count / BLOCK);

/** The most bytes that so many values take. */
export function mostPackedBytes(values: number): number {
  return align8(4 + blocksOf(values)) + align8(values * Float64Array.BYTES_PER_ELEMENT);
}

/** @example unpackDoubles(packDoubles(Float64Array.of(1, 2.5, NaN))) // Float64Array [1, 2.5, NaN] */
export function packDoubles(values: Float64Array): Uint8Array {
  const room = new Uint8Array(mostPackedBytes(values.length));
  return room.slice(0, packDoublesInto(values, room, 0));
}

/**
 * Packs behind what is there already.
 *
 * @param room has `mostPackedBytes` behind `offset`, which is a multiple of 8; so is where its buffer begins.
 * @returns how many bytes it took.
 */
export function packDoublesInto(values: Float64Array, room: Uint8Array, offset: number): number {
  const { buffer } = room;
  const from = room.byteOffset + offset;
  const blocks = blocksOf(values.length);
  const head = align8(4 + blocks);
  room.fill(0, offset, offset + head);
  new Uint32Array(buffer, from, 1)[0] = values.length;
  let at = from + head;
  for (let block = 0; block < blocks; block++) {
    const part = values.subarray(block * BLOCK, (block + 1) * BLOCK);
    const width = widthOf(part);
    room[offset + 4 + block] = width;
    if (width === 1) {
      // -1 is 255 by itself.
      new Uint8Array(buffer, at, part.length).set(part);
    } else if (width === 2) {
      const into = new Int16Array(buffer, at, part.length);
      for (let i = 0; i < part.length; i++) into[i] = part[i] === LEAST ? LEAST_CODE : part[i];
    } else if (width === 4) new Int32Array(buffer, at, part.length).set(part);
    else if (width === FLOAT) new Float32Array(buffer, at, part.length).set(part);
    else new Float64Array(buffer, at, part.length).set(part);
    at += align8(part.length * bytesOf(width));
  }
  return at - from;
}

function widthOf(part: Float64Array): Width {
  let width: Width = 1;
  for (let i = 0; i < part.length; i++) {
    const value = part[i];
    const whole = value | 0;
    // NaN, fractions and large numbers differ from their integer; −0 would lose its sign.
    if (whole !== value || (value === 0 && 1 / value < 0)) return fitsFloats(part) ? FLOAT : 8;
    if (whole >= -1 && whole < 0xff) continue;
    if ((whole <= LEAST_CODE || whole > 0x7fff) && whole !== LEAST) width = 4;
    else if (width === 1) width = 2;
  }
  return width;
}

/** The bits of a NaN may differ in a float: the plain one is the only one that states hold, and becomes itself. */
function fitsFloats(part: Float64Array): boolean {
  for (let i = 0; i < part.length; i++) if (!Object.is(Math.fround(part[i]), part[i])) return false;
  return true;
}

/**
 * @param bytes begin at a multiple of 8 of their buffer.
 * @param scratch the values are put into it if they are as many as it holds.
 * @throws RangeError if they are fewer than the values need.
 */
export function unpackDoubles(bytes: Uint8Array, scratch?: Float64Array): Float64Array {
  const { buffer, byteOffset } = bytes;
  const [count] = new Uint32Array(buffer, byteOffset, 1);
  const values = scratch?.length === count ? scratch : new Float64Array(count);
  const blocks = blocksOf(count);
  let at = byteOffset + align8(4 + blocks);
  for (let block = 0; block < blocks; block++) {
    const from = block * BLOCK;
    const length = Math.min(BLOCK, count - from);
    const width = bytes[4 + block];
    if (width === 1) {
      for (let i = 0; i < length; i++)
        values[from + i] = bytes[at - byteOffset + i] === 255 ? -1 : bytes[at - byteOffset + i];
    } else if (width === 2) {
      const part = new Int16Array(buffer, at, length);
      for (let i = 0; i < length; i++) {
        const code = part[i];
        values[from + i] = code === LEAST_CODE ? LEAST : code;
      }
    } else if (width === 4) values.set(new Int32Array(buffer, at, length), from);
    else if (width === FLOAT) values.set(new Float32Array(buffer, at, length), from);
    else values.set(new Float64Array(buffer, at, length), from);
    at += align8(length * bytesOf(width));
  }
  return values;
}
