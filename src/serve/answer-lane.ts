import { type Lane, openLane } from "../threads/lane.js";

/** A thread that answers questions; replays and pages have one each, so that a long replay keeps no page waiting. */
export function openAnswerLane(): Lane {
  return openLane(new URL("./answer-worker.js", import.meta.url));
}
