import type { Trace } from "../anomalies/trace.js";

export const SCORE_COLUMNS = ["timestamp", "value", "expected", "lower", "upper", "score"] as const;

/** A piece of text holds this many rows: a long series is never one text. */
const PIECE_ROWS = 4096;

/**
 * A trace as CSV, one row per slot: `timestamp,value,expected,lower,upper,score` and, where labels are known, `label`. Times are
 * epoch seconds, missing numbers empty cells; numbers are written in full, so that reading them back changes no figure. A slot
 * without a value has its row too, or a label in a gap would be lost; its score is empty, because labels speak of values.
 *
 * @returns UTF-8 in pieces, each made when it is taken.
 */
export function* scoreCsv(trace: Trace, label: Uint8Array | null): Generator<Uint8Array> {
  const { series, expected, lower, upper, score } = trace;
  let text = `${[...SCORE_COLUMNS, ...(label === null ? [] : ["label"])].join(",")}\n`;
  const cell = (value: number) => (value === value ? value : "");
  for (let i = 0; i < score.length; i++) {
    const value = series.values[i];
    const time = (series.startMs + i * series.stepMs) / 1000;
    const counted = value === value ? cell(score[i]) : "";
    const row = `${time},${cell(value)},${cell(expected[i])},${cell(lower[i])},${cell(upper[i])},${counted}`;
    text += label === null ? `${row}\n` : `${row},${label[i]}\n`;
    if ((i + 1) % PIECE_ROWS !== 0) continue;
    yield Buffer.from(text, "utf8");
    text = "";
  }
  yield Buffer.from(text, "utf8");
}
