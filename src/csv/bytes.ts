import { createReadStream } from "node:fs";
import { pipeline, Readable } from "node:stream";
import { TextDecoder } from "node:util";
import { createGunzip } from "node:zlib";
import { InputError } from "../errors/errors.js";
import { DEFAULT_MAX_DECOMPRESSED_BYTES, tooLargeUnpacked } from "../sources/input-limits.js";
import { oneLineEnd } from "./line-ends.js";

const BLOCK_BYTES = 1 << 20;
/** A line longer than this is no CSV of time series: 100,000 columns of 100 characters are 10 MB. */
const LONGEST_LINE_BYTES = 64 << 20;
/** Lines that the first block must hold, so that the dialect can be detected from it: `sep=`, header, and rows. */
const FIRST_BLOCK_LINES = 8;
const LF = 10;

/** Sees the bytes of a file as they lie on the disk, before anything is unpacked. */
export type OnBytes = (bytes: Uint8Array) => void;

/**
 * The content of a file as UTF-8 without byte order mark, in blocks of whole lines; each block is valid until the next is
 * asked for, and only the file's last one may end without a line feed. gzip is detected by its first bytes, whatever the
 * name; UTF-16 by its byte order mark.
 *
 * @param maxUnpackedBytes what a gzipped file may unpack to.
 * @throws InputError naming the file: missing, a folder, closed, binary, a workbook, or gzip that is cut off or too large.
 */
export async function* readLineBlocks(
  path: string,
  onBytes: OnBytes,
  maxUnpackedBytes = DEFAULT_MAX_DECOMPRESSED_BYTES,
): AsyncGenerator<Buffer> {
  let block = Buffer.allocUnsafe(BLOCK_BYTES);
  let filled = 0;
  let first = true;
  try {
    for await (const chunk of decoded(path, unpacked(path, rawBytes(path, onBytes), maxUnpackedBytes))) {
      let taken = 0;
      while (taken < chunk.length) {
        const count = Math.min(chunk.length - taken, block.length - filled);
        block.set(chunk.subarray(taken, taken + count), filled);
        taken += count;
        filled += count;
        if (filled < block.length) continue;
        const end = block.lastIndexOf(LF, filled - 1) + 1;
        if (end === 0 || (first && linesIn(block) < FIRST_BLOCK_LINES)) {
          if (filled >= LONGEST_LINE_BYTES) {
            throw new InputError(
              "line_length",
              `${path} has a line of more than ${LONGEST_LINE_BYTES >> 20} MB, so it is not CSV; export one row per line`,
            );
          }
          const larger = Buffer.allocUnsafe(block.length * 2);
          larger.set(block);
          block = larger;
          continue;
        }
        first = false;
        yield oneLineEnd(block.subarray(0, end));
        block.copyWithin(0, end, filled);
        filled -= end;
      }
    }
  } catch (cause) {
    throw readError(path, cause);
  }
  if (filled > 0) yield oneLineEnd(block.subarray(0, filled));
}

function linesIn(block: Uint8Array): number {
  let lines = 0;
  for (let at = block.indexOf(LF); at >= 0 && lines < FIRST_BLOCK_LINES; at = block.indexOf(LF, at + 1)) lines++;
  return lines;
}

async function* rawBytes(path: string, onBytes: OnBytes): AsyncGenerator<Buffer> {
  const stream: AsyncIterable<Buffer> = createReadStream(path, { highWaterMark: BLOCK_BYTES });
  for await (const chunk of stream) {
    onBytes(chunk);
    yield chunk;
  }
}

async function* unpacked(path: string, chunks: AsyncGenerator<Buffer>, maxBytes: number): AsyncGenerator<Buffer> {
  const head = await chunks.next();
  if (head.done === true) return;
  const first = head.value;
  if (first[0] !== 0x1f || first[1] !== 0x8b) {
    yield first;
    yield* chunks;
    return;
  }
  const packed = async function* () {
    yield first;
    yield* chunks;
  };
  const gunzip = createGunzip({ chunkSize: BLOCK_BYTES >> 2 });
  // Failures of either end reach the reader of `gunzip`, because pipeline destroys it with them.
  pipeline(Readable.from(packed()), gunzip, () => {});
  const plain: AsyncIterable<Buffer> = gunzip;
  let bytes = 0;
  for await (const chunk of plain) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLargeUnpacked(path, maxBytes);
    yield chunk;
  }
}

async function* decoded(path: string, chunks: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  let decoder: TextDecoder | undefined;
  let first = true;
  for await (const chunk of chunks) {
    let bytes = chunk;
    if (first) {
      first = false;
      decoder = utf16Decoder(chunk);
      if (decoder === undefined) refuseBinary(path, chunk);
      if (chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf) bytes = chunk.subarray(3);
    }
    yield decoder === undefined ? bytes : Buffer.from(decoder.decode(bytes, { stream: true }), "utf8");
  }
}

/** TextDecoder drops the mark itself. */
function utf16Decoder(bytes: Uint8Array): TextDecoder | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le");
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be");
  return undefined;
}

function refuseBinary(path: string, bytes: Uint8Array): void {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4) {
    throw new InputError(
      "binary",
      `${path} is a zip archive or an Excel workbook, not CSV; export it as CSV or unpack it`,
    );
  }
  const at = bytes.subarray(0, 65_536).findIndex(isControl);
  if (at >= 0) {
    const what = bytes[at] === 0 ? "NUL" : `the control character 0x${bytes[at].toString(16).padStart(2, "0")}`;
    throw new InputError("binary", `${path} is not text: byte ${at + 1} is ${what}; a CSV file (or .csv.gz) is needed`);
  }
}

/** What no text holds: all below the blank but tab to carriage return (0x09–0x0d) and DOS's end of file, and DEL. */
function isControl(byte: number): boolean {
  return (byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d) && byte !== 0x1a) || byte === 0x7f;
}

const READ_ADVICE: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file; check the path",
  EISDIR: "it is a folder; name the files in it, or the folder as an argument",
  EACCES: "reading it is not allowed; check its permissions",
  EPERM: "reading it is not allowed; check its permissions",
  Z_BUF_ERROR: "its gzip data is cut off; copy or download it again",
  Z_DATA_ERROR: "its gzip data is damaged; copy or download it again",
};

function readError(path: string, cause: unknown): unknown {
  const code = (cause as NodeJS.ErrnoException)?.code ?? "";
  const advice = READ_ADVICE[code];
  if (advice === undefined) return cause;
  return new InputError(code.startsWith("Z_") ? "gzip" : "unreadable", `cannot read ${path}: ${advice}`, { cause });
}
