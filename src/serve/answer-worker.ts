import type { Surroundings } from "../runs/surroundings.js";
import { answerTasks } from "../threads/lane-thread.js";
import { MINUTE_MS } from "../time/duration.js";
import type { ReplayAnswer, ReplayOrder } from "./replay/replay-order.js";
import { replays } from "./replay/replay-points.js";

/** Nobody waits longer for a graph. */
const LONGEST_MS = MINUTE_MS;

/** The thread that replays the past for whoever asks; one question after the other, so that memory holds one history at a time. */
const replay = replays();
let last: Promise<unknown> = Promise.resolve();

answerTasks<ReplayOrder, ReplayAnswer>((order) => {
  const turn = last.then(() => answer(order));
  last = turn.catch(() => {});
  return turn;
});

function answer(order: ReplayOrder): Promise<ReplayAnswer> {
  const signal = AbortSignal.timeout(LONGEST_MS);
  const around: Surroundings = {
    env: process.env,
    nowMs: Date.now,
    signal,
    warn: () => {},
    debug: () => {},
    onProgress: () => signal.throwIfAborted(),
  };
  return replay(order, around);
}
