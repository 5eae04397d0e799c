import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";
import { crc32 } from "node:zlib";
import type { Cause } from "../detectors/detector.js";
import type { Explanation } from "../detectors/explanation.js";
import { removeAbandoned } from "../files/abandoned.js";
import { writeFileAtomic } from "../files/atomic.js";
import { mostPackedBytes, packDoublesInto, unpackDoubles } from "./pack-doubles.js";
import type { Watched } from "./watched.js";

/*
 * A file of watched series.
 *
 *     0    8 bytes   magic "ANOWATC3"; another layout has another number
 *     8    4         length H of the head
 *     12   4         CRC-32 of the head
 *     16   H         head, JSON in UTF-8: what the states belong to, and for each series all that is small
 *     …              zeros up to a multiple of 8
 *     …              for each series its arrays, each at a multiple of 8: the scorer's bytes, or numbers packed; their CRC-32 is in the head
 *
 * The file is a cache: what is damaged, cut off or from another version is not read, and the history is looked at instead.
 */

const MAGIC = Buffer.from("ANOWATC3", "latin1");
const PREFIX = 16;

/** What a file says of a series before its arrays are read. */
export interface WatchEntry {
  readonly key: string;
  readonly checkpointMs: number;
  readonly startMs: number;
  readonly fromMs: number;
}

/** A state as it lies in a file: small, and not to be worked with before `unpackWatched`. */
export interface PackedWatched extends WatchEntry {
  readonly last: Watched["last"];
  readonly gapSlots: number;
  /** The explanations of the trace, as text. */
  readonly explained?: string;
  /** The scorer's state is bytes: they lie there as they are, and zeros up to a multiple of 8 behind them. */
  readonly scorerBytes?: number;
  /** Scorer, tail, and with a trace its values, expected, lower, upper, score and causes; behind one another. */
  readonly bytes: Uint8Array;
  readonly lengths: readonly number[];
}

/** In the head stands where the bytes are (from the start of the arrays), and their CRC-32. */
type Entry = Omit<PackedWatched, "bytes"> & { readonly offset: number; readonly crc: number };

interface Head {
  readonly belongsTo: string;
  readonly series: readonly Entry[];
}

/** An opened file: what is in it is known, the arrays are read when they are wanted. */
export interface WatchFile {
  readonly entries: readonly WatchEntry[];
  /**
   * The states of all series, read in one go; a series whose bytes are damaged is left out.
   *
   * @param memory holds their bytes until it is used again; absent: memory of their own.
   */
  readonly read: (memory?: ReadMemory) => Map<string, PackedWatched>;
}

/** How files of states are opened and written. */
export interface WatchFiles {
  readonly open: (path: string, belongsTo: string) => WatchFile | undefined;
  readonly write: (path: string, belongsTo: string, series: Iterable<PackedWatched>) => void;
}

/** Memory that is used again for one file after the other: new pages for each would take as long as reading it. */
export interface ReadMemory {
  bytes: ArrayBuffer;
}

/** A cause that is not here does not compile; their order is part of the format. */
const CODES: Readonly<Record<Cause, number>> = {
  none: 0,
  band: 1,
  season: 2,
  shift: 3,
  stall: 4,
  zero: 5,
  silence: 6,
  novelty: 7,
  shape: 8,
};
const CAUSES = Object.keys(CODES) as Cause[];
const align8 = (n: number) => (n + 7) & ~7;

/**
 * @param belongsTo what the states were made by and for; states of anything else are not taken.
 * @returns undefined if there is no file, or none that can be used.
 */
export function openWatchFile(path: string, belongsTo: string): WatchFile | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const prefix = readAt(path, 0, PREFIX);
    if (!prefix.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
    const headLength = prefix.readUInt32LE(8);
    const json = readAt(path, PREFIX, headLength);
    if (crc32(json) !== prefix.readUInt32LE(12)) return undefined;
    const head = JSON.parse(json.toString("utf8")) as Head;
    if (head.belongsTo !== belongsTo) return undefined;
    return {
      entries: head.series,
      read: (memory) => readSeries(path, align8(PREFIX + headLength), head.series, memory),
    };
  } catch {
    return undefined;
  }
}

function readAt(path: string, position: number, length: number, memory?: ReadMemory): Buffer {
  const file = openSync(path, "r");
  try {
    const there = Math.max(0, Math.min(length, fstatSync(file).size - position));
    const bytes = Buffer.from(memory === undefined ? new ArrayBuffer(there) : enough(memory, there), 0, there);
    for (let done = 0; done < there; ) {
      const read = readSync(file, bytes, done, there - done, position + done);
      if (read === 0) break;
      done += read;
    }
    return bytes;
  } finally {
    closeSync(file);
  }
}

function enough(memory: ReadMemory, length: number): ArrayBuffer {
  if (memory.bytes.byteLength < length) memory.bytes = new ArrayBuffer(Math.ceil(length * 1.25));
  return memory.bytes;
}

function readSeries(
  path: string,
  start: number,
  entries: readonly Entry[],
  memory: ReadMemory | undefined,
): Map<string, PackedWatched> {
  const all = new Map<string, PackedWatched>();
  let file: Buffer;
  try {
    file = readAt(path, start, Math.max(0, ...entries.map(({ offset, lengths }) => offset + total(lengths))), memory);
  } catch {
    return all;
  }
  for (const { offset, crc, ...entry } of entries) {
    const bytes = file.subarray(offset, offset + total(entry.lengths));
    if (bytes.length === total(entry.lengths) && crc32(bytes) === crc) all.set(entry.key, { ...entry, bytes });
  }
  return all;
}

const total = (lengths: readonly number[]) => lengths.reduce((sum, length) => sum + length, 0);

/** Writes a file whole, or leaves the old one. @throws OutputError if it cannot be written. */
export function writeWatchFile(path: string, belongsTo: string, series: Iterable<PackedWatched>): void {
  removeAbandoned(path);
  const parts: Uint8Array[] = [];
  let offset = 0;
  const entries = Array.from(series, ({ bytes, ...entry }): Entry => {
    const own = { ...entry, offset, crc: crc32(bytes) };
    offset += bytes.length;
    parts.push(bytes);
    return own;
  });
  const json = Buffer.from(JSON.stringify({ belongsTo, series: entries } satisfies Head), "utf8");
  const prefix = Buffer.alloc(PREFIX);
  MAGIC.copy(prefix);
  prefix.writeUInt32LE(json.length, 8);
  prefix.writeUInt32LE(crc32(json), 12);
  const padding = Buffer.alloc(align8(PREFIX + json.length) - PREFIX - json.length);
  writeFileAtomic(path, [prefix, json, padding, ...parts]);
}

/** JSON has no infinities, no NaN and no −0: they are spelled. */
function spellNumber(_: string, value: unknown): unknown {
  const isPlain = typeof value !== "number" || (Number.isFinite(value) && !Object.is(value, -0));
  return isPlain ? value : { number: Object.is(value, -0) ? "-0" : String(value) };
}

function readNumber(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("number" in value)) return value;
  return Number(value.number);
}

/** What is packed is mostly a third of the room that it may need, which is therefore used again. */
let room = new Uint8Array(0);

export function packWatched(key: string, { scorer, tail, trace, ...small }: Watched): PackedWatched {
  const arrays = [tail];
  if (trace !== null) {
    const { values, expected, lower, upper, score, cause } = trace;
    arrays.push(values, expected, lower, upper, score);
    arrays.push(Float64Array.from(cause, (name) => CODES[name]));
  }
  const isBytes = scorer instanceof Uint8Array;
  const most = arrays.reduce(
    (sum, { length }) => sum + mostPackedBytes(length),
    isBytes ? align8(scorer.length) : mostPackedBytes(scorer.length),
  );
  if (room.length < most) room = new Uint8Array(most);
  const lengths = [isBytes ? putBytes(scorer) : packDoublesInto(scorer, room, 0)];
  let at = lengths[0];
  for (const values of arrays) {
    const length = packDoublesInto(values, room, at);
    lengths.push(length);
    at += length;
  }
  const explained = trace === null ? {} : { explained: JSON.stringify([...trace.explained], spellNumber) };
  const scorerBytes = isBytes ? { scorerBytes: scorer.length } : {};
  return { key, ...small, ...explained, ...scorerBytes, lengths, bytes: room.slice(0, at) };
}

/** Bytes as they are, and zeros up to a multiple of 8. @returns how many. */
function putBytes(bytes: Uint8Array): number {
  room.set(bytes);
  const length = align8(bytes.length);
  room.fill(0, bytes.length, length);
  return length;
}

/** @param scratch takes the scorer's state where it fits; it is then usable until the next series is unpacked. */
export function unpackWatched(packed: PackedWatched, scratch?: Float64Array): Watched {
  const { lengths, bytes, key: _, explained = "[]", scorerBytes, ...small } = packed;
  // Views of integers and doubles must begin at a multiple of 8; within the bytes all parts do.
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : Uint8Array.from(bytes);
  let at = 0;
  const [first, ...parts] = lengths.map((length) => {
    at += length;
    return aligned.subarray(at - length, at);
  });
  const scorer = scorerBytes === undefined ? unpackDoubles(first, scratch) : first.subarray(0, scorerBytes);
  const arrays = parts.map((part) => unpackDoubles(part));
  const [tail, values, expected, lower, upper, score, codes] = arrays;
  if (values === undefined) return { ...small, scorer, tail, trace: null };
  const cause = Array.from(codes, (code) => CAUSES[code]);
  const reasons: [number, Explanation][] = JSON.parse(explained, readNumber);
  const trace = { values, expected, lower, upper, score, cause, explained: new Map(reasons) };
  return { ...small, scorer, tail, trace };
}

/** Files as they are on disk, read each time. */
export const COLD_FILES: WatchFiles = { open: openWatchFile, write: writeWatchFile };
