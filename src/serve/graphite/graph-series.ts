import type { SeriesPoints } from "../../runs/find-anomalies.js";
import type { FigureNode } from "./paths.js";

/** A series of an answer as Graphite has it; a value is NaN where there is none. */
export interface GraphSeries {
  readonly name: string;
  /** What was asked for that this is an answer to. */
  readonly pathExpression: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Seconds since 1970 of the first value, and of the slot behind the last one. */
  readonly startS: number;
  readonly endS: number;
  readonly stepS: number;
  readonly values: Float64Array;
  /** How several values become one; of scores the highest, so that no alarm hides in an average. */
  readonly consolidation: "average" | "max";
}

/** The time of a request, seconds since 1970: values after `fromS`, up to and with `untilS`. */
export interface GraphWindow {
  readonly fromS: number;
  readonly untilS: number;
}

/** The slots of a series that begin in a window, on the series' own step. */
export function figureOf(
  points: SeriesPoints,
  what: FigureNode,
  { fromS, untilS }: GraphWindow,
): Pick<GraphSeries, "startS" | "endS" | "stepS" | "values" | "consolidation"> {
  const { startMs, stepMs } = points;
  const all = points[what];
  const first = Math.floor((fromS * 1000 - startMs) / stepMs) + 1;
  const end = Math.max(first, Math.floor((untilS * 1000 - startMs) / stepMs) + 1);
  const values = new Float64Array(end - first).fill(Number.NaN);
  const known = all.subarray(Math.max(0, first), Math.max(0, end));
  values.set(known, Math.min(values.length, Math.max(0, -first)));
  return {
    startS: (startMs + first * stepMs) / 1000,
    endS: (startMs + end * stepMs) / 1000,
    stepS: stepMs / 1000,
    values,
    consolidation: what === "score" ? "max" : "average",
  };
}

/**
 * At most so many values. As in graphite-web each is of a stretch that begins at a multiple of its length, so that a graph does not
 * change as it moves on, and the stretch that the window cuts is left out. (graphite-web 1.1.8 is one slot off in that: its first value
 * has the time of the slot after it.)
 */
export function consolidated(series: GraphSeries, mostValues: number): GraphSeries {
  const { startS, endS, stepS, values } = series;
  if (values.length <= mostValues) return series;
  if (mostValues === 1)
    return { ...series, values: Float64Array.of(ofMany(values, series.consolidation)), stepS: endS - startS };
  const each = Math.ceil(values.length / mostValues);
  const longS = each * stepS;
  const skipped = Math.round((Math.ceil(startS / longS - 1e-9) * longS - startS) / stepS);
  const count = Math.ceil((values.length - skipped) / each);
  const kept = Float64Array.from({ length: count }, (_, i) =>
    ofMany(values.subarray(skipped + i * each, skipped + (i + 1) * each), series.consolidation),
  );
  const newStartS = startS + skipped * stepS;
  return { ...series, startS: newStartS, endS: newStartS + count * longS, stepS: longS, values: kept };
}

/** NaN where none of them is known. */
function ofMany(values: Float64Array, how: GraphSeries["consolidation"]): number {
  let sum = 0;
  let highest = Number.NEGATIVE_INFINITY;
  let known = 0;
  for (const value of values) {
    if (value !== value) continue;
    known++;
    sum += value;
    if (value > highest) highest = value;
  }
  if (known === 0) return Number.NaN;
  return how === "max" ? highest : sum / known;
}
