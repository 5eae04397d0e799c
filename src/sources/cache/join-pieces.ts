import { resample } from "../../series/resample.js";
import { endMs, type Series, seriesKey } from "../../series/series.js";
import { formatDuration } from "../../time/duration.js";
import { formatUtc } from "../../time/format.js";
import type { OpenPiece } from "./piece-file.js";

export interface JoinedHistory {
  readonly stepMs: number;
  /** Series that are not there, each with the reason in words. */
  readonly leftOut: readonly { readonly name: string; readonly labels: Series["labels"]; readonly reason: string }[];
  readonly notes: readonly string[];
}

type Column = OpenPiece["columns"][number];

/**
 * The pieces of each series in one, on one step for all. `take` gets them one after the other, so that only what it keeps is
 * in memory.
 *
 * Archives that grow coarser with age give a series two steps: the finer part is averaged to the coarser one, and a note names
 * both and where they meet. Series that are finer than most are averaged to the step of most; those that are coarser are left
 * out, because the values in between are not known.
 */
export function joinPieces(pieces: readonly OpenPiece[], take: (series: Series) => void): JoinedHistory {
  const bySeries = new Map<string, Column[]>();
  for (const piece of pieces) {
    for (const column of piece.columns) {
      const key = seriesKey(column.labels);
      const others = bySeries.get(key);
      if (others === undefined) bySeries.set(key, [column]);
      else others.push(column);
    }
  }
  const columns = [...bySeries.values()].map((parts) => parts.toSorted((a, b) => a.startMs - b.startMs));
  const stepMs = mostCommon(columns.map(coarsest));
  const leftOut: JoinedHistory["leftOut"][number][] = [];
  for (const parts of columns) {
    const own = coarsest(parts);
    if (own > stepMs) {
      const reason = `its step is ${formatDuration(own)}, that of most series ${formatDuration(stepMs)}; --step sets another`;
      leftOut.push({ name: parts[0].name, labels: parts[0].labels, reason });
    } else take(joined(parts, stepMs));
  }
  return { stepMs, leftOut, notes: archiveNotes(columns, stepMs) };
}

const coarsest = (parts: readonly Column[]) => parts.reduce((most, { stepMs }) => Math.max(most, stepMs), 0);

function joined(parts: readonly Column[], stepMs: number): Series {
  const whole = parts.map((part) => resample(part.unpack(), stepMs)).filter(({ values }) => values.length > 0);
  const [first] = whole.length === 0 ? [{ ...parts[0].unpack(), stepMs, values: new Float64Array(0) }] : whole;
  const startMs = whole.reduce((least, series) => Math.min(least, series.startMs), first.startMs);
  const end = whole.reduce((most, series) => Math.max(most, endMs(series)), startMs);
  const values = new Float64Array(Math.round((end - startMs) / stepMs)).fill(Number.NaN);
  for (const series of whole) {
    const at = Math.round((series.startMs - startMs) / stepMs);
    series.values.forEach((value, i) => {
      if (value === value) values[at + i] = value;
    });
  }
  return { ...first, startMs, stepMs, values };
}

/** One note for all series whose steps change at the same moments. */
function archiveNotes(columns: readonly (readonly Column[])[], stepMs: number): string[] {
  const groups = new Map<string, { readonly names: string[]; readonly finerFrom: string | undefined }>();
  for (const parts of columns) {
    const runs = parts.filter((part, i) => i === 0 || part.stepMs !== parts[i - 1].stepMs);
    if (runs.length < 2) continue;
    const words = runs.map(
      (part, i) => `${formatDuration(part.stepMs)}${i === 0 ? "" : ` from ${formatUtc(part.startMs)}`}`,
    );
    const key = words.join(", then ");
    const last = runs[runs.length - 1];
    const known = groups.get(key);
    if (known !== undefined) known.names.push(parts[0].name);
    else {
      const finerFrom = last.stepMs < stepMs ? formatUtc(last.startMs) : undefined;
      groups.set(key, { names: [parts[0].name], finerFrom });
    }
  }
  return [...groups].map(([words, { names, finerFrom }]) => {
    const who = names.length === 1 ? names[0] : `${names.length} series, such as ${names[0]},`;
    const way = finerFrom === undefined ? "" : `; --from ${finerFrom} keeps the finer step`;
    const verb = names.length === 1 ? "has" : "have";
    return `${who} ${verb} steps of ${words}, as archives that get coarser with age do; all is averaged to ${formatDuration(stepMs)}${way}`;
  });
}

function mostCommon(steps: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const stepMs of steps) counts.set(stepMs, (counts.get(stepMs) ?? 0) + 1);
  const [most] = [...counts].sort(([a, n], [b, m]) => m - n || b - a);
  return most?.[0] ?? 0;
}
