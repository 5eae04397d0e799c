import protobuf from "protobufjs";
import { uncompress } from "snappyjs";
import { describe, expect, test } from "vitest";
import { decodeRequest, encodeRequest } from "./wire.js";

/** The messages as Prometheus declares them (prompb/remote.proto, prompb/types.proto). */
const PROTO = `
  syntax = "proto3";
  message WriteRequest { repeated TimeSeries timeseries = 1; }
  message TimeSeries { repeated Label labels = 1; repeated Sample samples = 2; }
  message Label { string name = 1; string value = 2; }
  message Sample { double value = 1; int64 timestamp = 2; }
`;
const SERIES = [
  {
    labels: [["__name__", "anomaly_score"] as const, ["machine", "größe 名"] as const],
    times: [1_751_414_400_000, 1_751_415_600_000],
    values: [0.1 + 0.2, Number.POSITIVE_INFINITY],
  },
  { labels: [["__name__", "anomaly_observed"] as const], times: [0], values: [-0] },
];

describe("a remote write request", () => {
  test("is what a parser of the declared messages reads", () => {
    const type = protobuf.parse(PROTO).root.lookupType("WriteRequest");
    const message = type.toObject(type.decode(uncompress(encodeRequest(SERIES))), { longs: Number, defaults: true });
    expect(message["timeseries"]).toEqual(
      SERIES.map(({ labels, times, values }) => ({
        labels: labels.map(([name, value]) => ({ name, value })),
        samples: times.map((timestamp, i) => ({ value: values[i], timestamp })),
      })),
    );
  });

  test("is read back to the bit", () => {
    expect(decodeRequest(encodeRequest(SERIES))).toEqual(SERIES);
    expect(decodeRequest(encodeRequest([]))).toEqual([]);
  });

  test("that is damaged is refused with a sentence", () => {
    expect(() => decodeRequest(Uint8Array.of(9, 255, 255))).toThrow(/cannot be read; its bytes are damaged/);
  });
});
