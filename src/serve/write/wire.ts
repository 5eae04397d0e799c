import protobuf from "protobufjs/minimal.js";
import { compress, uncompress } from "snappyjs";
import { InputError } from "../../errors/errors.js";
import type { SampleSeries } from "./sample-series.js";

/*
 * The body of a remote write request, version 1.0 (https://prometheus.io/docs/specs/prw/remote_write_spec/): a protobuf message in
 * snappy's block format.
 *
 *   WriteRequest { 1: repeated TimeSeries }
 *   TimeSeries   { 1: repeated Label, 2: repeated Sample }
 *   Label        { 1: string name, 2: string value }
 *   Sample       { 1: double value, 2: int64 timestamp }
 *
 * A field begins with its number shifted by three, and how it is written: 0 is a varint, 1 are eight bytes, 2 is of a length.
 */
const { Reader, Writer } = protobuf;

const LENGTH = 2;
const field = (number: number, type: number) => (number << 3) | type;

export const WRITE_HEADERS = {
  "content-type": "application/x-protobuf",
  "content-encoding": "snappy",
  "x-prometheus-remote-write-version": "0.1.0",
} as const;

export function encodeRequest(series: readonly SampleSeries[]): Uint8Array {
  const writer = Writer.create();
  for (const { labels, times, values } of series) {
    writer.uint32(field(1, LENGTH)).fork();
    for (const [name, value] of labels) {
      writer.uint32(field(1, LENGTH)).fork();
      writer.uint32(field(1, LENGTH)).string(name).uint32(field(2, LENGTH)).string(value).ldelim();
    }
    for (const [i, time] of times.entries()) {
      writer.uint32(field(2, LENGTH)).fork();
      writer.uint32(field(1, 1)).double(values[i]).uint32(field(2, 0)).int64(time).ldelim();
    }
    writer.ldelim();
  }
  return compress(writer.finish());
}

/** @throws InputError for bytes that are no request of ours. */
export function decodeRequest(body: Uint8Array): readonly SampleSeries[] {
  try {
    const reader = Reader.create(uncompress(body));
    const series: SampleSeries[] = [];
    while (reader.pos < reader.len) {
      reader.uint32();
      series.push(readSeries(reader, reader.uint32() + reader.pos));
    }
    return series;
  } catch (cause) {
    throw new InputError("write_request", "a queued write request cannot be read; its bytes are damaged", { cause });
  }
}

function readSeries(reader: protobuf.Reader, end: number): SampleSeries {
  const labels: (readonly [string, string])[] = [];
  const times: number[] = [];
  const values: number[] = [];
  while (reader.pos < end) {
    const isLabel = reader.uint32() === field(1, LENGTH);
    reader.uint32();
    reader.uint32();
    if (isLabel) {
      const name = reader.string();
      reader.uint32();
      labels.push([name, reader.string()]);
    } else {
      values.push(reader.double());
      reader.uint32();
      times.push(Number(reader.int64()));
    }
  }
  return { labels, times, values };
}
