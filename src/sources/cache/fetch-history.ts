import type { TimeRange } from "../../series/series.js";
import { endMs as endOf, type Series } from "../../series/series.js";
import { slice } from "../../series/slice.js";
import type { SeriesQuery, SeriesSource, Target, TargetProblem } from "../source.js";
import type { CacheFolder } from "./cache-folder.js";
import { decodePiece, encodePiece, type OpenPiece, type Piece } from "./piece-file.js";
import { monthBounds, uncovered } from "./uncovered.js";

/** Months of a server's history, as pieces that lie side by side. */
export interface FetchedHistory {
  readonly pieces: readonly OpenPiece[];
  /** Targets of which a stretch could not be fetched, each once. */
  readonly failures: readonly TargetProblem[];
  readonly notes: readonly string[];
  /** Stretches asked of the server, and pieces taken from the cache. */
  readonly asked: number;
  readonly cached: number;
}

export interface HistoryProgress {
  readonly done: number;
  readonly total: number;
  readonly range: TimeRange;
}

/**
 * A server's history, month by month: what the cache has is taken from there, only what is missing is requested, and each
 * month is kept as soon as it is there, so that a run that was ended continues where it stopped.
 *
 * What failed is not kept, and neither is a slot that was not over at the end of its stretch.
 *
 * @throws SourceError where nothing at all could be fetched and nothing was in the cache.
 */
export async function fetchHistory(
  source: SeriesSource,
  query: SeriesQuery,
  range: TimeRange,
  cache: CacheFolder | undefined,
  onProgress?: (progress: HistoryProgress) => void,
): Promise<FetchedHistory> {
  const notes: string[] = [];
  const known = cache?.read(range, (reason) => notes.push(`${reason}; it is fetched again`)) ?? [];
  const gaps = uncovered(query.targets, range, known, monthBounds(range));
  const pieces: OpenPiece[] = [...known];
  const failures = new Map<Target, TargetProblem>();
  for (const [i, gap] of gaps.entries()) {
    onProgress?.({ done: i, total: gaps.length, range: gap.range });
    const fetched = await source.fetch({ ...query, targets: gap.targets }, gap.range, (at) =>
      onProgress?.({ done: i + at.doneTargets / at.totalTargets, total: gaps.length, range: gap.range }),
    );
    for (const note of fetched.notes) if (!notes.includes(note)) notes.push(note);
    const failed = new Set<Target>();
    for (const problem of fetched.problems) {
      if (problem.kind !== "failed") continue;
      const target = gap.targets.find((one) => one === problem.target);
      // A series of a target that gave others too: the target is requested again next time.
      for (const one of target === undefined ? gap.targets : [target]) failed.add(one);
      if (!failures.has(problem.target)) failures.set(problem.target, problem);
    }
    const piece = wholeSlots({
      range: gap.range,
      targets: gap.targets.filter((target) => !failed.has(target)),
      series: fetched.series,
    });
    if (piece.targets.length > 0 && piece.range.endMs > piece.range.startMs) cache?.write(piece);
    // Packed as in the cache: a year of a fleet is held in a fifth of the memory.
    pieces.push(decodePiece(Buffer.from(encodePiece(piece)), "what was fetched"));
  }
  onProgress?.({ done: gaps.length, total: gaps.length, range });
  return { pieces, failures: [...failures.values()], notes, asked: gaps.length, cached: known.length };
}

/** The piece up to the first slot that ends after it: that one is half-filled, and is requested again once it is over. */
function wholeSlots(piece: Piece): Piece {
  const endMs = piece.series.reduce((earliest, series) => {
    const over = endOf(series) > piece.range.endMs;
    return over ? Math.min(earliest, endOf(series) - series.stepMs) : earliest;
  }, piece.range.endMs);
  if (endMs === piece.range.endMs) return piece;
  const range = { startMs: piece.range.startMs, endMs };
  return { ...piece, range, series: piece.series.map((series) => cutTo(series, range)) };
}

function cutTo(series: Series, range: TimeRange): Series {
  const slots = Math.floor((range.endMs - series.startMs) / series.stepMs);
  return slice(series, { startMs: series.startMs, endMs: series.startMs + slots * series.stepMs });
}
