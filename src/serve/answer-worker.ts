import type { Surroundings } from "../runs/surroundings.js";
import { answerTasks } from "../threads/lane-thread.js";
import { MINUTE_MS } from "../time/duration.js";
import { pageMaker } from "./pages/make-page.js";
import type { PageAnswer, PageOrder } from "./pages/page-order.js";
import type { ReplayAnswer, ReplayOrder } from "./replay/replay-order.js";
import { replays } from "./replay/replay-points.js";

/** Nobody waits longer for a graph. */
const LONGEST_MS = MINUTE_MS;

/** A question to the thread. */
export type Question =
  | { readonly kind: "replay"; readonly order: ReplayOrder }
  | { readonly kind: "page"; readonly order: PageOrder };

/**
 * The thread that answers what takes long: replays of the past, pages and pictures. One question after the other, so that memory holds one
 * history at a time.
 */
const replay = replays();
const makePage = pageMaker();
let last: Promise<unknown> = Promise.resolve();

answerTasks<Question, ReplayAnswer | PageAnswer>((question) => {
  const turn = last.then(() => answer(question));
  last = turn.catch(() => {});
  return turn;
});

function answer(question: Question): Promise<ReplayAnswer | PageAnswer> {
  const signal = AbortSignal.timeout(LONGEST_MS);
  const around: Surroundings = {
    env: process.env,
    nowMs: Date.now,
    signal,
    warn: () => {},
    debug: () => {},
    onProgress: () => signal.throwIfAborted(),
  };
  return question.kind === "replay" ? replay(question.order, around) : makePage(question.order, around);
}
