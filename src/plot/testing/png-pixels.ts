import { inflateSync } from "node:zlib";

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Four bytes a pixel: red, green, blue, opacity. */
  readonly bytes: Uint8Array;
}

/** Decodes an 8-bit RGBA or RGB PNG (opaque then) that is not interlaced (ISO/IEC 15948, filters of section 9). */
export function decodePng(png: Uint8Array): Pixels {
  const file = Buffer.from(png);
  const width = file.readUInt32BE(16);
  const height = file.readUInt32BE(20);
  if (file.readUInt32BE(0) !== 0x89504e47 || file[24] !== 8 || ![2, 6].includes(file[25]) || file[28] !== 0) {
    throw new Error("the picture is not an RGB or RGBA PNG of 8 bits");
  }
  const data: Buffer[] = [];
  for (let at = 8; at < file.length; at += 12 + file.readUInt32BE(at)) {
    if (file.toString("latin1", at + 4, at + 8) === "IDAT")
      data.push(file.subarray(at + 8, at + 8 + file.readUInt32BE(at)));
  }
  const raw = inflateSync(Buffer.concat(data));
  const channels = file[25] === 2 ? 3 : 4;
  const stride = channels * width;
  const samples = new Uint8Array(stride * height);
  for (let row = 0; row < height; row++) {
    const filter = raw[row * (stride + 1)];
    for (let i = 0; i < stride; i++) {
      const left = i >= channels ? samples[row * stride + i - channels] : 0;
      const above = row > 0 ? samples[(row - 1) * stride + i] : 0;
      const corner = i >= channels && row > 0 ? samples[(row - 1) * stride + i - channels] : 0;
      const guess = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][filter];
      samples[row * stride + i] = raw[row * (stride + 1) + 1 + i] + guess;
    }
  }
  if (channels === 4) return { width, height, bytes: samples };
  const bytes = new Uint8Array(4 * width * height).fill(255);
  for (let i = 0; i < width * height; i++) bytes.set(samples.subarray(3 * i, 3 * i + 3), 4 * i);
  return { width, height, bytes };
}

function paeth(a: number, b: number, c: number): number {
  const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

/** How many pixels have a colour, give or take `tolerance` in each channel. */
export function countColour(pixels: Pixels, hex: string, tolerance = 6): number {
  const wanted = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  let count = 0;
  for (let i = 0; i < pixels.bytes.length; i += 4) {
    if (wanted.every((value, channel) => Math.abs(pixels.bytes[i + channel] - value) <= tolerance)) count++;
  }
  return count;
}

/** Pixels that differ between two pictures of one size, inside a box. */
export function countDifferent(a: Pixels, b: Pixels, box: { x0: number; y0: number; x1: number; y1: number }): number {
  let count = 0;
  for (let y = box.y0; y < box.y1; y++) {
    for (let x = box.x0; x < box.x1; x++) {
      const i = 4 * (y * a.width + x);
      if (a.bytes[i] !== b.bytes[i] || a.bytes[i + 1] !== b.bytes[i + 1] || a.bytes[i + 2] !== b.bytes[i + 2]) count++;
    }
  }
  return count;
}
