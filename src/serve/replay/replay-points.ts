import { createHash } from "node:crypto";
import { WITHOUT_MODEL } from "../../detectors/registry.js";
import { SourceError } from "../../errors/errors.js";
import type { SeriesPoints } from "../../runs/find-anomalies.js";
import { openJob, runJob } from "../../runs/run-job.js";
import type { SourceSpec } from "../../runs/source/source-spec.js";
import type { Surroundings } from "../../runs/surroundings.js";
import { seriesKey, type TimeRange } from "../../series/series.js";
import { fileRunStore } from "../../store/run/file-run-store.js";
import { MINUTE_MS } from "../../time/duration.js";
import { bytesOf, joinPieces, PIECE_MS, piecesOf, slotsWithin } from "./pieces.js";
import { readingOnly } from "./reading-only.js";
import type { ReplayAnswer, Replayed, ReplayOrder } from "./replay-order.js";

/** Scored slots that are kept for the next question. */
const MOST_CACHED_BYTES = 64e6;
/** The newest slots may still change; a piece that ends before is kept. */
const SETTLES_MS = 15 * MINUTE_MS;

/** Replays of jobs' series and of expressions through the jobs' detectors; what was scored is kept in pieces. */
export type Replay = (order: ReplayOrder, around: Surroundings) => Promise<ReplayAnswer>;

export function replays(): Replay {
  // In the order of use, the longest unused first.
  const cache = new Map<string, { readonly points: readonly SeriesPoints[]; readonly bytes: number }>();
  let bytes = 0;
  const keep = (key: string, points: readonly SeriesPoints[]) => {
    const own = bytesOf(points) + 200;
    cache.set(key, { points, bytes: own });
    bytes += own;
    for (const [oldest, { bytes: freed }] of cache) {
      if (bytes <= MOST_CACHED_BYTES) break;
      cache.delete(oldest);
      bytes -= freed;
    }
  };
  return async (order, around) => {
    const { settledMs } = order;
    const range = { startMs: order.range.startMs, endMs: Math.min(order.range.endMs, settledMs) };
    if (range.startMs >= range.endMs) return { points: [], cached: 0, scored: 0 };
    const owner = ownerOf(order);
    const found = new Map<number, readonly SeriesPoints[]>();
    const missing: number[] = [];
    for (const piece of piecesOf(range)) {
      const key = `${owner} ${piece}`;
      const known = cache.get(key);
      if (known === undefined) {
        missing.push(piece);
        continue;
      }
      cache.delete(key);
      cache.set(key, known);
      found.set(piece, known.points);
    }
    if (missing.length > 0) {
      const endMs = Math.min(missing[missing.length - 1] + PIECE_MS, settledMs);
      const scored = await score(order, { startMs: missing[0], endMs }, around);
      for (const piece of missing) {
        const own = { startMs: piece, endMs: piece + PIECE_MS };
        const points = scored.map((one) => slotsWithin(one, own));
        found.set(piece, points);
        if (own.endMs + SETTLES_MS <= settledMs) keep(`${owner} ${piece}`, points);
      }
    }
    const pieces = [...found].sort(([a], [b]) => a - b).map(([, points]) => points);
    const points = joinPieces(pieces).map((one) => slotsWithin(one, range));
    return { points, cached: found.size - missing.length, scored: missing.length };
  };
}

/** Whatever the scores depend on, except the time. A model that is trained again is another one. */
function ownerOf({ served: { job, stateDir }, what, events }: ReplayOrder): string {
  const { checksum } = openJob(job).run.loaded ?? { checksum: null };
  const asked = what.kind === "series" ? what.series.map(({ labels }) => seriesKey(labels)).sort() : what;
  return createHash("sha256")
    .update(JSON.stringify([{ ...job, range: null, name: null }, stateDir, checksum, what.kind, asked, events]))
    .digest("base64url");
}

async function score(
  { served: { job, states, stateDir }, what, mostSeries, events }: ReplayOrder,
  range: TimeRange,
  around: Surroundings,
): Promise<readonly SeriesPoints[]> {
  const asked = {
    ...job,
    source: { ...job.source, ...questionOf(what), maxSeries: mostSeries },
    range: { ...job.range, from: new Date(range.startMs).toISOString(), until: new Date(range.endMs).toISOString() },
    withEvidence: false,
  };
  const store = readingOnly(fileRunStore(stateDir, states));
  const context = {
    ...around,
    store,
    existing: [],
    withPoints: true,
    eventsIn: async () => events,
    ...(what.kind === "series" && { only: what.series }),
  };
  const run = await runJob(openJob(asked), context).catch((failure) => {
    // None of the series of an expression or target need be one of the model's: each is then compared with its own past.
    if (what.kind === "series" || !(failure instanceof SourceError) || failure.code !== "source.strangers")
      throw failure;
    return runJob(openJob({ ...asked, detector: WITHOUT_MODEL }), context);
  });
  const failed = run.found.statuses.find(({ state }) => state === "failed");
  if (failed !== undefined && run.found.points.length === 0) {
    throw new SourceError("failed", failed.reason ?? "the upstream gave no answer");
  }
  if (what.kind !== "series") return run.found.points;
  const wanted = new Set(what.series.map(({ labels }) => seriesKey(labels)));
  return run.found.points.filter(({ labels }) => wanted.has(seriesKey(labels)));
}

/** What is asked of the upstream instead of what the job asks. */
function questionOf(what: Replayed): Partial<SourceSpec> {
  if (what.kind === "series") return {};
  if (what.kind === "target") return { target: what.target, var: [] };
  return { query: [{ expression: what.expression }], template: undefined, var: [] };
}
