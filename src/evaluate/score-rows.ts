import type { Trace } from "../anomalies/trace.js";

export const SCORE_COLUMNS = ["timestamp", "value", "expected", "lower", "upper", "score"] as const;

/**
 * A trace as CSV, one row per slot: `timestamp,value,expected,lower,upper,score` and, where labels are known, `label`. Times are
 * epoch seconds, missing numbers empty cells; numbers are written in full, so that reading them back changes no figure. A slot
 * without a value has its row too, or a label in a gap would be lost; its score is empty, because labels speak of values.
 */
export function scoreCsv(trace: Trace, label: Uint8Array | null): string {
  const { series, expected, lower, upper, score } = trace;
  const rows = [[...SCORE_COLUMNS, ...(label === null ? [] : ["label"])].join(",")];
  const cell = (value: number) => (value === value ? value : "");
  for (let i = 0; i < score.length; i++) {
    const value = series.values[i];
    const time = (series.startMs + i * series.stepMs) / 1000;
    const counted = value === value ? cell(score[i]) : "";
    const row = `${time},${cell(value)},${cell(expected[i])},${cell(lower[i])},${cell(upper[i])},${counted}`;
    rows.push(label === null ? row : `${row},${label[i]}`);
  }
  rows.push("");
  return rows.join("\n");
}
