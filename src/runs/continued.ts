import type { DetectRequest } from "../anomalies/detect-request.js";
import type { ScorerState, SeriesScorer } from "../detectors/detector.js";
import type { Checkpoints } from "../store/run/run-store.js";
import { moveToNext, observeLive, openLive, takeNext } from "../watch/live.js";
import { type Observed, observeNew, type Subject } from "../watch/observe.js";
import type { Remembered } from "../watch/watch-store.js";

/** What one series leaves for the next, so that not each needs memory of its own. */
export interface Spare {
  scorer?: SeriesScorer;
  state?: ScorerState;
}

interface Continuing {
  readonly ask: DetectRequest;
  readonly subject: Subject;
  /** Latest moment of a checkpoint that this run may leave. */
  readonly next: number;
  readonly spare: Spare;
}

/**
 * What is said of a series that an earlier run has scored, and what the next one continues from: the scorer itself where the process lives on
 * and there is room for it, else the checkpoint.
 *
 * @returns undefined where the history must be looked at.
 */
export function continued(store: Checkpoints, one: Remembered, continuing: Continuing): Observed | undefined {
  const { ask, subject, next, spare } = continuing;
  const lives = subject.profile.leftOut === undefined;
  if (one.live !== undefined) {
    const seen = lives ? lookLive(store, one, one.live, continuing) : undefined;
    if (seen !== undefined) return seen;
    store.keepLive(undefined);
  }
  const { watched } = one;
  if (lives && watched.trace === null && store.hasRoom(watched.scorer.byteLength)) {
    const live = openLive(ask, subject, watched);
    return live && lookLive(store, one, live, continuing);
  }
  const seen = observeNew(ask, subject, watched, one.isDue ? next : undefined, spare);
  if (seen === undefined) return undefined;
  spare.scorer = seen.scorer;
  if (seen.watched !== undefined) {
    store.put(one.key, seen.watched);
    spare.state = seen.watched.scorer;
  }
  return seen;
}

function lookLive(
  store: Checkpoints,
  { key, isDue, live: known }: Remembered,
  live: NonNullable<Remembered["live"]>,
  { ask, subject, next, spare }: Continuing,
): Observed | undefined {
  const seen = observeLive(ask, subject, live);
  if (seen === undefined) return undefined;
  const moved = moveToNext(live, next, ask.detector.stepMs);
  if (moved !== undefined) store.putLive(moved, live);
  else if (known !== live) store.keepLive(live);
  if (moved === undefined && isDue && live.next === undefined) spare.state = takeNext(key, live, ask, spare.state);
  return seen;
}
