import { SourceError } from "../../errors/errors.js";
import type { Labels } from "../../series/series.js";
import type { ReplySeries } from "../reply-series.js";
import { unexpectedReply } from "../unexpected-reply.js";
import { ScannedMatrix } from "./scan-matrix.js";
import { selectorOf } from "./selector.js";

/**
 * The series of a reply of `/api/v1/query_range`: `{"status": "success", "data": {"resultType": "matrix", "result":
 * [{"metric": {…}, "values": [[epoch_s, "1.5"], …]}]}}`. NaN is a missing value, infinities are and are counted.
 *
 * @param json the reply, or what `scanMatrix` has read of it. @param place names the server in errors.
 * @throws SourceError `unexpected` where the JSON is something else, `partial` where the server says that a part is missing.
 */
export function decodeMatrix(json: unknown, place: string, stepMs: number): readonly ReplySeries[] {
  if (json instanceof ScannedMatrix) {
    decodeMatrix(json.rest, place, stepMs);
    return json.series;
  }
  const { status, data, isPartial } = (json ?? {}) as { status?: unknown; data?: unknown; isPartial?: unknown };
  const { resultType, result } = (data ?? {}) as { resultType?: unknown; result?: unknown };
  if (status !== "success" || resultType !== "matrix" || !Array.isArray(result)) {
    throw unexpected(place, "a matrix is needed");
  }
  if (isPartial === true) {
    throw new SourceError(
      "partial",
      `${place} says that its answer is partial, because some of its storage nodes did not answer; try again later`,
    );
  }
  return result.map((entry: unknown) => decodeSeries(entry, place, stepMs));
}

function decodeSeries(entry: unknown, place: string, stepMs: number): ReplySeries {
  const { metric, values: pairs } = (entry ?? {}) as { metric?: unknown; values?: unknown };
  if (typeof metric !== "object" || metric === null || !Array.isArray(pairs)) {
    throw unexpected(place, "each series needs metric and values");
  }
  const labels = metric as Labels;
  const times = new Float64Array(pairs.length);
  const values = new Float64Array(pairs.length);
  let infinite = 0;
  for (let i = 0; i < pairs.length; i++) {
    const pair = pairs[i] as readonly [unknown, unknown];
    const timeS = pair[0];
    const text = pair[1];
    if (typeof timeS !== "number" || typeof text !== "string") throw unexpected(place, "each value needs a time");
    // Times are multiples of the step; 1751328000.06 s is not exactly that many milliseconds.
    times[i] = Math.round(timeS * 1000);
    const value = Number(text);
    const isValue = Number.isFinite(value);
    values[i] = isValue ? value : Number.NaN;
    if (!isValue && text.includes("Inf")) infinite++;
  }
  return { name: selectorOf(labels), labels, times, values, stepMs, infinite };
}

function unexpected(place: string, needed: string): SourceError {
  return unexpectedReply(place, needed, {
    isNot: "is not the reply of a range query",
    whose: "that of Prometheus or VictoriaMetrics",
  });
}
