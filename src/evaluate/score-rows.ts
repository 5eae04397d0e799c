import type { Trace } from "../anomalies/trace.js";

export const SCORE_COLUMNS = ["timestamp", "value", "expected", "lower", "upper", "score"] as const;

/**
 * A trace as CSV, a row a slot that holds a value: `timestamp,value,expected,lower,upper,score` and, where labels are known, `label`. Times are
 * epoch seconds, missing numbers empty cells; numbers are written in full, so that reading them back changes no figure.
 */
export function scoreCsv(trace: Trace, label: Uint8Array | null): string {
  const { series, expected, lower, upper, score } = trace;
  const rows = [[...SCORE_COLUMNS, ...(label === null ? [] : ["label"])].join(",")];
  const cell = (value: number) => (value === value ? value : "");
  for (let i = 0; i < score.length; i++) {
    if (Number.isNaN(series.values[i])) continue;
    const time = (series.startMs + i * series.stepMs) / 1000;
    const row = `${time},${cell(series.values[i])},${cell(expected[i])},${cell(lower[i])},${cell(upper[i])},${cell(score[i])}`;
    rows.push(label === null ? row : `${row},${label[i]}`);
  }
  rows.push("");
  return rows.join("\n");
}
