import { z } from "zod";
import { splitLine } from "../csv/split-line.js";
import { cleanStem } from "../csv/stem.js";
import { InputError, messageOf } from "../errors/errors.js";
import type { Series } from "../series/series.js";
import { parseInstant } from "../time/instant.js";

/** A stretch `[startMs, endMs)` that people have marked, of one series or of all. */
export interface LabelInterval {
  readonly startMs: number;
  readonly endMs: number;
  /** Which series: its name, its machine, the file's name, or labels such as machine and aggregator. Null: all. */
  readonly series: string | Readonly<Record<string, string>> | null;
}

const moment = z.union([z.string(), z.number()]);
const written = z.object({
  start: moment.optional(),
  end: moment.optional(),
  startMs: z.number().optional(),
  endMs: z.number().optional(),
  series: z.string().optional(),
  machine: z.string().optional(),
  aggregator: z.string().optional(),
});
const document = z.union([z.array(written), z.record(z.string(), z.array(z.tuple([moment, moment])))]);

const NEEDED = "a list of {start, end} with series where they are for one, or columns start,end[,series]";

/**
 * Reads labelled intervals from JSON (a list of `{start, end, series?}`, the `truth.json` of `anomaly simulate`, or an
 * object `{"series": [[start, end], …]}`) or from CSV with the columns `start`, `end` and, if wanted, `series`.
 *
 * @param name what the text is called in messages, e.g. its path.
 * @throws InputError naming the file, the place in it and what was wrong there.
 */
export function parseLabelIntervals(text: string, name: string, timezone: string): LabelInterval[] {
  const rows = /^\s*[[{]/.test(text) ? jsonRows(text, name) : csvRows(text, name);
  return rows.map(({ start, end, series }, i) => {
    const at = (value: string | number) => {
      try {
        return parseInstant(String(value), { nowMs: 0, timezone });
      } catch (cause) {
        throw new InputError("labels", `${name}, interval ${i + 1}: ${messageOf(cause)}`, { cause });
      }
    };
    const [startMs, endMs] = [at(start), at(end)];
    if (startMs >= endMs) {
      throw new InputError("labels", `${name}, interval ${i + 1}: its start ${start} is not before its end ${end}`);
    }
    return { startMs, endMs, series };
  });
}

interface Row {
  readonly start: string | number;
  readonly end: string | number;
  readonly series: LabelInterval["series"];
}

function jsonRows(text: string, name: string): Row[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new InputError("labels", `${name} is neither JSON nor CSV; needed is ${NEEDED}`, { cause });
  }
  const parsed = document.safeParse(json);
  if (!parsed.success) throw new InputError("labels", `${name} holds no labelled intervals; needed is ${NEEDED}`);
  if (!Array.isArray(parsed.data)) {
    return Object.entries(parsed.data).flatMap(([series, spans]) =>
      spans.map(([start, end]) => ({ start, end, series })),
    );
  }
  return parsed.data.map((row, i) => {
    const start = row.start ?? row.startMs;
    const end = row.end ?? row.endMs;
    if (start === undefined || end === undefined) {
      throw new InputError("labels", `${name}, interval ${i + 1} has no start or no end; needed is ${NEEDED}`);
    }
    const { machine, aggregator } = row;
    const labels = { ...(machine !== undefined && { machine }), ...(aggregator !== undefined && { aggregator }) };
    return { start, end, series: row.series ?? (Object.keys(labels).length > 0 ? labels : null) };
  });
}

function csvRows(text: string, name: string): Row[] {
  const [first, ...lines] = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  const delimiter = first?.includes(";") ? ";" : ",";
  const header = splitLine(first ?? "", delimiter).map((cell) => cell.trim().toLowerCase());
  const [start, end, series] = ["start", "end", "series"].map((column) => header.indexOf(column));
  if (start < 0 || end < 0) {
    throw new InputError("labels", `${name} has no columns start and end; needed is ${NEEDED}`);
  }
  return lines.map((line) => {
    const cells = splitLine(line, delimiter).map((cell) => cell.trim());
    const of = series < 0 || (cells[series] ?? "") === "" ? null : cells[series];
    return { start: cells[start] ?? "", end: cells[end] ?? "", series: of };
  });
}

/** Whether an interval is about a series. */
export function concerns(interval: LabelInterval, series: Series): boolean {
  const of = interval.series;
  if (of === null) return true;
  if (typeof of === "string") {
    return [series.name, series.labels["machine"]].includes(of) || series.labels["machine"] === cleanStem(of);
  }
  return Object.entries(of).every(([key, value]) => series.labels[key] === value);
}

/** The intervals on a series' slots: a slot is labelled if it shares a moment with one. */
export function intervalsOnGrid(intervals: readonly LabelInterval[], series: Series): Uint8Array {
  const label = new Uint8Array(series.values.length);
  for (const interval of intervals) {
    if (!concerns(interval, series)) continue;
    const first = Math.floor((interval.startMs - series.startMs) / series.stepMs);
    const last = Math.ceil((interval.endMs - series.startMs) / series.stepMs);
    if (last > 0 && first < label.length) label.fill(1, Math.max(0, first), Math.min(label.length, last));
  }
  return label;
}
