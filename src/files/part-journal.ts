import { createHash } from "node:crypto";
import { closeSync, ftruncateSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { deserialize, serialize } from "node:v8";
import { outputError } from "./atomic.js";
import { makeFolder } from "./folder.js";

/** A file of results that a long piece of work has come to, so that it need not begin again after it was killed. */
export interface PartJournal {
  /** Results that were there when it was opened. */
  readonly known: number;
  readonly done: (batch: number, part: number) => unknown;
  readonly keep: (batch: number, part: number, result: unknown) => void;
  readonly close: () => void;
  /** The work is done and kept elsewhere. */
  readonly remove: () => void;
}

/** Bytes of the first digits of a sha256, and of a length. */
const DIGEST = 8;
const HEAD = 4 + DIGEST;

/**
 * Opens the journal of a piece of work:
 *
 *     one line      anomaly-parts-1 and the key
 *     then for each result: its length (4 bytes, little endian), the first 8 bytes of its sha256, and batch, part and result as Node's v8 serialises them
 *
 * What a killed run wrote half is cut off, and a journal of another key is begun again. It is read by the machine and the version that wrote it, which the key must say.
 *
 * @param key hex. @throws OutputError where it cannot be written.
 */
export function openPartJournal(path: string, key: string): PartJournal {
  const line = Buffer.from(`anomaly-parts-1 ${key}\n`);
  const results = new Map<string, unknown>();
  const end = readResults(path, line, results);
  try {
    makeFolder(dirname(path));
    const file = openSync(path, end === 0 ? "w" : "r+", 0o600);
    let at = end;
    const write = (bytes: Uint8Array) => {
      at += writeSync(file, bytes, 0, bytes.length, at);
    };
    if (end === 0) write(line);
    else ftruncateSync(file, end);
    return {
      known: results.size,
      done: (batch, part) => results.get(`${batch}/${part}`),
      keep: (batch, part, result) => write(entryOf([batch, part, result])),
      close: () => closeSync(file),
      remove: () => rmSync(path, { force: true }),
    };
  } catch (cause) {
    throw outputError(path, cause);
  }
}

/** @returns where the whole results end; 0 where the file is not there, or not of this work. */
function readResults(path: string, line: Buffer, into: Map<string, unknown>): number {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    return 0;
  }
  if (!bytes.subarray(0, line.length).equals(line)) return 0;
  let at = line.length;
  while (at + HEAD <= bytes.length) {
    const length = bytes.readUInt32LE(at);
    const body = bytes.subarray(at + HEAD, at + HEAD + length);
    if (body.length < length || !digestOf(body).equals(bytes.subarray(at + 4, at + HEAD))) break;
    const [batch, part, result] = deserialize(body) as [number, number, unknown];
    into.set(`${batch}/${part}`, result);
    at += HEAD + length;
  }
  return at;
}

function entryOf(entry: readonly [number, number, unknown]): Uint8Array {
  const body = serialize(entry);
  const head = Buffer.alloc(4);
  head.writeUInt32LE(body.length);
  return Buffer.concat([head, digestOf(body), body]);
}

function digestOf(body: Uint8Array): Buffer {
  return createHash("sha256").update(body).digest().subarray(0, DIGEST);
}
