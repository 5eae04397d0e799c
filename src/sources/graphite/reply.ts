import type { SourceError } from "../../errors/errors.js";
import type { ReplySeries } from "../reply-series.js";
import { unexpectedReply } from "../unexpected-reply.js";

/**
 * The series of a reply: `[{"target", "tags", "datapoints": [[value | null, epoch_s], …]}]`.
 *
 * Graphite writes infinity as `1e9999`, which JSON.parse makes infinite again; there is no such measurement, so it
 * counts as missing. `place` names the server in errors.
 *
 * @throws SourceError where the JSON is something else.
 */
export function decodeReply(json: unknown, place: string): ReplySeries[] {
  if (!Array.isArray(json)) throw unexpected(place, "a list of series is needed");
  return json.map((entry: unknown) => {
    const { target, tags, datapoints } = (entry ?? {}) as {
      target?: unknown;
      tags?: Readonly<Record<string, unknown>> | null;
      datapoints?: unknown;
    };
    if (typeof target !== "string" || !Array.isArray(datapoints))
      throw unexpected(place, "each series needs target and datapoints");
    const times = new Float64Array(datapoints.length);
    const values = new Float64Array(datapoints.length);
    let infinite = 0;
    for (let i = 0; i < datapoints.length; i++) {
      const [value, timeS] = datapoints[i] as readonly [unknown, unknown];
      if (typeof timeS !== "number") throw unexpected(place, "each point needs a value and a time");
      times[i] = timeS * 1000;
      const finite = typeof value === "number" && Number.isFinite(value);
      if (typeof value === "number" && !finite) infinite++;
      values[i] = finite ? value : Number.NaN;
    }
    const labels = Object.fromEntries(
      Object.entries(tags ?? {}).flatMap(([tag, value]) => (typeof value === "string" ? [[tag, value]] : [])),
    );
    return { name: target, path: labels["name"], labels, times, values, infinite };
  });
}

function unexpected(place: string, needed: string): SourceError {
  return unexpectedReply(place, needed, { isNot: "is not a Graphite reply", whose: "Graphite's" });
}
