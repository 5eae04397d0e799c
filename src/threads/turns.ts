import { breathe } from "./breathe.js";

/** The event loop is not held longer than this by one piece of work after another. */
const TURN_MS = 25;

/**
 * Takes turns with the event loop: signals, timers and replies are heard although there is much to compute.
 *
 * @example const turns = takeTurns(signal); for (const one of many) { work(one); await turns.pause(); }
 */
export interface Turns {
  /** Gives way if the turn is over. @throws the reason of the signal once it is aborted. */
  readonly pause: () => Promise<void>;
  /** Drives work that pauses by itself to its end. */
  readonly drive: <T>(work: Generator<void, T, void>) => Promise<T>;
}

/** @param nowMs a clock; only differences count. */
export function takeTurns(signal?: AbortSignal, nowMs: () => number = () => performance.now()): Turns {
  let beganMs = nowMs();
  const pause = async () => {
    if (nowMs() - beganMs < TURN_MS) return;
    await breathe(signal);
    beganMs = nowMs();
  };
  return {
    pause,
    drive: async (work) => {
      for (;;) {
        const { done, value } = work.next();
        if (done) return value;
        await pause();
      }
    },
  };
}
