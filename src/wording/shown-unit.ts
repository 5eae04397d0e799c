/** Units that values are written in. Everything else is written as plain numbers. */
export type ShownUnit = "percent" | "ratio" | "bytes" | "seconds" | "milliseconds";

/** Spellings of exports, of Grafana's unit ids and of metric names. */
const SPELLINGS: Readonly<Record<string, ShownUnit>> = {
  "%": "percent",
  percent: "percent",
  percentage: "percent",
  pct: "percent",
  ratio: "ratio",
  percentunit: "ratio",
  b: "bytes",
  byte: "bytes",
  bytes: "bytes",
  decbytes: "bytes",
  s: "seconds",
  sec: "seconds",
  secs: "seconds",
  second: "seconds",
  seconds: "seconds",
  ms: "milliseconds",
  msec: "milliseconds",
  millis: "milliseconds",
  milliseconds: "milliseconds",
};

/** The last word of a name is its unit only where it is spelled out: `s` and `b` end too many names. */
const LEAST_LETTERS = 3;

/**
 * The unit that a record's values are shown in: the one that came with the data, else the one that the metric's name ends with
 * (`agg_length_behind_ratio`, `process_resident_memory_bytes`, `…_seconds_total` aside, which is no duration
 * but a rate). Null where neither says anything.
 *
 * @example shownUnit({ unit: null, aggregator: "a", series: "x.request_seconds", target: "" }) // "seconds"
 */
export function shownUnit({
  unit,
  aggregator,
  series,
  target,
}: {
  readonly unit: string | null;
  readonly aggregator: string;
  readonly series: string;
  readonly target: string;
}): ShownUnit | null {
  if (unit !== null) return SPELLINGS[unit.toLowerCase()] ?? null;
  for (const name of [series, aggregator, target]) {
    const found = unitOfName(name);
    if (found !== undefined) return found;
  }
  return null;
}

/** A path's parts from the last to the first: the aggregator may be behind the metric. */
function unitOfName(name: string): ShownUnit | undefined {
  // A function may have made anything of the values.
  if (/[()]/.test(name)) return undefined;
  for (const part of name.split(/[.{#/]/).reverse()) {
    const word = /(?:^|[_-])([a-z]+)$/i.exec(part)?.[1].toLowerCase() ?? "";
    if (word.length >= LEAST_LETTERS && word in SPELLINGS) return SPELLINGS[word];
  }
  return undefined;
}
