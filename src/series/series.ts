/** Names of the thing measured, e.g. `{ machine: "n200", aggregator: "visit_length_hour" }`. Keys are unordered. */
export type Labels = Readonly<Record<string, string>>;

/**
 * One metric on a regular grid.
 *
 * `values[i]` is the value of the slot `[startMs + i * stepMs, startMs + (i + 1) * stepMs)`; `NaN` is a slot that holds no
 * value and stays so (nothing is filled silently). `startMs` is a multiple of `stepMs`, so that any two series of one
 * step share their slots.
 */
export interface Series {
  /** The name at its source: the metric path, target or CSV column. For people; the identity is `labels`. */
  readonly name: string;
  readonly labels: Labels;
  readonly startMs: number;
  readonly stepMs: number;
  readonly values: Float64Array;
  /** What one unit of the value is, if known: `ratio`, `percent`, `bytes`, `seconds` … */
  readonly unit?: string;
}

/** A half-open interval `[startMs, endMs)` in epoch milliseconds. */
export interface TimeRange {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * The identity of a series as one string: its labels in key order, `aggregator=a,machine=m`.
 * Two series are the same exactly if their keys are equal. `\`, `,` and `=` inside a label are escaped with `\`.
 */
export function seriesKey(labels: Labels): string {
  const known = KEYS.get(labels);
  if (known !== undefined) return known;
  const key = Object.keys(labels)
    .sort()
    .map((name) => `${escaped(name)}=${escaped(labels[name])}`)
    .join(",");
  KEYS.set(labels, key);
  return key;
}

/** A run asks eight times for the key of each series; labels never change, so the first answer stays. */
const KEYS = new WeakMap<Labels, string>();

const SPECIAL = /[\\,=]/;

function escaped(text: string): string {
  return SPECIAL.test(text) ? text.replace(/[\\,=]/g, "\\$&") : text;
}

/** The end of the last slot (exclusive). */
export function endMs(series: Series): number {
  return series.startMs + series.values.length * series.stepMs;
}

/** Share (0–1) of the slots that hold a value; 0 for a series without slots. */
export function coverage(values: Float64Array): number {
  let valid = 0;
  for (let i = 0; i < values.length; i++) if (values[i] === values[i]) valid++;
  return values.length === 0 ? 0 : valid / values.length;
}
