import { zonedParts } from "../../time/timezone.js";
import type { GraphSeries } from "./graph-series.js";
import { packArrayHead, packMapHead, packNumber, packString } from "./msgpack.js";

/** Values that are written before others are heard. */
const VALUES_A_PIECE = 2_000;

/** A format of `/render`, as graphite-web 1.1.8 writes it. */
export interface Format {
  readonly contentType: string;
  /** The answer in pieces, each written in a few milliseconds. */
  readonly pieces: (all: readonly GraphSeries[], timezone: string) => Iterable<string | Buffer>;
}

export const FORMATS: Readonly<Record<string, Format>> = {
  json: { contentType: "application/json", pieces: json },
  csv: { contentType: "text/csv", pieces: csv },
  raw: { contentType: "text/plain", pieces: raw },
  msgpack: { contentType: "application/x-msgpack", pieces: msgpack },
};

/** `[{"target","tags","datapoints":[[value|null,epoch_s],…]}]` */
function* json(all: readonly GraphSeries[]): Iterable<string> {
  for (const [i, { name, tags, startS, stepS, values }] of all.entries()) {
    yield `${i === 0 ? "[" : ","}{"target":${JSON.stringify(name)},"tags":${JSON.stringify(tags)},"datapoints":[`;
    yield* inPieces(values, (value, at) => `${at === 0 ? "" : ","}[${jsonNumber(value)},${startS + at * stepS}]`);
    yield "]}";
  }
  yield all.length === 0 ? "[]" : "]";
}

/** One value per line, without a header; a value that is missing is an empty field. */
function* csv(all: readonly GraphSeries[], timezone: string): Iterable<string> {
  for (const { name, startS, stepS, values } of all) {
    const field = /[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
    yield* inPieces(values, (value, at) => {
      const written = value !== value ? "" : pythonFloat(value);
      return `${field},${clockText((startS + at * stepS) * 1000, timezone)},${written}\r\n`;
    });
  }
}

/** `name,start,end,step|v,v,None` */
function* raw(all: readonly GraphSeries[]): Iterable<string> {
  for (const { name, startS, endS, stepS, values } of all) {
    yield `${name},${Math.trunc(startS)},${Math.trunc(endS)},${Math.trunc(stepS)}|`;
    yield* inPieces(values, (value, at) => `${at === 0 ? "" : ","}${value !== value ? "None" : pythonFloat(value)}`);
    yield "\n";
  }
}

/** What graphite-web gives of a series as a map, in its order. */
function* msgpack(all: readonly GraphSeries[]): Iterable<Buffer> {
  yield packArrayHead(all.length);
  for (const { name, pathExpression, startS, endS, stepS, values, consolidation } of all) {
    yield Buffer.concat([
      packMapHead(9),
      ...[packString("name"), packString(name), packString("start"), packNumber(startS)],
      ...[packString("end"), packNumber(endS), packString("step"), packNumber(stepS)],
      ...[packString("values"), packArrayHead(values.length)],
    ]);
    for (let at = 0; at < values.length; at += VALUES_A_PIECE) {
      yield Buffer.concat(Array.from(values.subarray(at, at + VALUES_A_PIECE), packNumber));
    }
    yield Buffer.concat([
      ...[packString("pathExpression"), packString(pathExpression), packString("valuesPerPoint"), packNumber(1)],
      ...[packString("consolidationFunc"), packString(consolidation), packString("xFilesFactor"), packNumber(0)],
    ]);
  }
}

function* inPieces(values: Float64Array, write: (value: number, at: number) => string): Iterable<string> {
  for (let from = 0; from < values.length; from += VALUES_A_PIECE) {
    let text = "";
    for (let at = from; at < Math.min(values.length, from + VALUES_A_PIECE); at++) text += write(values[at], at);
    yield text;
  }
}

/** JSON has no infinity; 1e9999 is read as one. */
function jsonNumber(value: number): string {
  if (Number.isFinite(value)) return pythonFloat(value);
  return value !== value ? "null" : value > 0 ? "1e9999" : "-1e9999";
}

/** A number as Python writes a float: the shortest digits that read back as it, with a point or an exponent. */
export function pythonFloat(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const [digits, exponent] = value.toExponential().split("e");
  const power = Number(exponent);
  if (power < -4 || power >= 16) return `${digits}e${power < 0 ? "-" : "+"}${`${Math.abs(power)}`.padStart(2, "0")}`;
  return Number.isInteger(value) ? `${value}.0` : `${value}`;
}

function clockText(timeMs: number, timezone: string): string {
  if (timezone === "UTC") return new Date(timeMs).toISOString().slice(0, 19).replace("T", " ");
  const { year, month, day, hour, minute, second } = zonedParts(timeMs, timezone);
  const two = (number: number) => `${number}`.padStart(2, "0");
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}:${two(second)}`;
}
