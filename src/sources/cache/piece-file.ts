import { createHash } from "node:crypto";
import { InputError } from "../../errors/errors.js";
import type { Labels, Series, TimeRange } from "../../series/series.js";
import type { Target } from "../source.js";
import { packColumn, unpackColumn } from "./column.js";

/** What a server has answered to some targets for a stretch of time. */
export interface Piece {
  readonly range: TimeRange;
  /** Targets that were answered, with series or with "no data". */
  readonly targets: readonly Target[];
  readonly series: readonly Series[];
}

/** One series of a file: where its column lies, and what it is of. */
interface ColumnHead {
  readonly name: string;
  readonly labels: Labels;
  readonly startMs: number;
  readonly stepMs: number;
  readonly unit?: string;
  readonly length: number;
  readonly bytes: number;
}

interface Head {
  readonly range: TimeRange;
  readonly targets: readonly Target[];
  readonly series: readonly ColumnHead[];
}

/** A piece whose columns are still packed. */
export interface OpenPiece extends Omit<Piece, "series"> {
  readonly bytes: number;
  readonly columns: readonly (ColumnHead & { readonly unpack: () => Series })[];
}

/*
 *   "ANOMPC1\n" | length of head, u32 LE | head, JSON | packed columns, one after the other | SHA-256 of all before it
 */
const MAGIC = "ANOMPC1\n";
const HASH_BYTES = 32;
const HEAD_AT = MAGIC.length + 4;

export function encodePiece({ range, targets, series }: Piece): Uint8Array {
  const columns = series.map(({ values }) => packColumn(values));
  const head: Head = {
    range,
    targets,
    series: series.map(({ name, labels, startMs, stepMs, unit, values }, i) => ({
      name,
      labels,
      startMs,
      stepMs,
      unit,
      length: values.length,
      bytes: columns[i].length,
    })),
  };
  const text = Buffer.from(JSON.stringify(head), "utf8");
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  const body = Buffer.concat([Buffer.from(MAGIC, "latin1"), length, text, ...columns]);
  return Buffer.concat([body, createHash("sha256").update(body).digest()]);
}

/** @throws InputError saying what is wrong with the file. */
export function decodePiece(file: Buffer, path: string): OpenPiece {
  const refuse = (what: string) => new InputError("cache", `${path} is not a readable piece of the cache: ${what}`);
  if (file.subarray(0, MAGIC.length).toString("latin1") !== MAGIC) throw refuse("it does not begin with the magic");
  const body = file.subarray(0, file.length - HASH_BYTES);
  if (body.length < HEAD_AT) throw refuse(`it is cut off after ${file.length} bytes`);
  const hash = createHash("sha256").update(body).digest();
  if (!hash.equals(file.subarray(body.length))) throw refuse("its checksum does not match");
  const columnsAt = HEAD_AT + body.readUInt32LE(MAGIC.length);
  const head: Head = JSON.parse(body.subarray(HEAD_AT, columnsAt).toString("utf8"));
  let at = columnsAt;
  const columns = head.series.map((column) => {
    const packed = body.subarray(at, at + column.bytes);
    at += column.bytes;
    const { name, labels, startMs, stepMs, unit, length } = column;
    const unpack = (): Series => ({
      name,
      labels,
      startMs,
      stepMs,
      ...(unit === undefined ? {} : { unit }),
      values: unpackColumn(packed, length),
    });
    return { ...column, unpack };
  });
  return { range: head.range, targets: head.targets, columns, bytes: file.length };
}
