import type { StoredSeries } from "../shelf/stored-series.js";
import { withCrew } from "../threads/crew.js";
import { threadsWorth } from "../threads/threads-worth.js";
import { takeTurns } from "../threads/turns.js";
import { doneAfter, type Fit, type FitOptions, type Fitted, type OnFitProgress } from "./fit.js";
import { fitHere } from "./fit-here.js";
import type { FitTask } from "./fit-worker.js";
import type { DetectorName } from "./registry.js";
import { type FitJournal, resumed } from "./resumed.js";

export interface ThreadOptions {
  /** Default: as many as there are processors, and none beside this one where there is little to do. */
  readonly threads?: number;
  readonly onProgress?: OnFitProgress;
  /** Ends all threads when it is aborted. */
  readonly signal?: AbortSignal;
  /** Parts that it holds are not done again, and those that are done are kept in it. */
  readonly journal?: FitJournal;
}

/** Below this many slots starting a thread takes longer than it saves. */
const SLOTS_WORTH_A_THREAD = 250_000;
/** No batch keeps more threads busy than this for long. */
const MOST_THREADS = 48;
const WORKER = new URL("./fit-worker.js", import.meta.url);

/**
 * Fits a detector with several threads that share the values.
 *
 * @param fit what `loadFit` of that detector gave.
 * @throws as its course, and the reason of the signal once it is aborted.
 */
export async function fitInThreads<Learned>(
  detector: DetectorName,
  fit: Fit<Learned>,
  history: readonly StoredSeries[],
  options: FitOptions,
  { threads: asked, onProgress, signal, journal }: ThreadOptions = {},
): Promise<Fitted<Learned>> {
  const whole = fit.course(history, options);
  const course = journal === undefined ? whole : resumed(whole, journal);
  const slots = history.reduce((sum, { length }) => sum + length, 0);
  const threads = threadsWorth(WORKER, { asked, share: slots / SLOTS_WORTH_A_THREAD, parts: MOST_THREADS });
  if (threads === 1) return takeTurns(signal).drive(fitHere(course, fit.openStep, onProgress));
  return withCrew(WORKER, { threads, signal }, async (crew) => {
    let next = course.next();
    while (next.done !== true) {
      const batch = next.value;
      await crew.tellAll<FitTask>({ kind: "open", detector, step: batch.step, shared: batch.shared });
      let done = 0;
      const tasks = batch.parts.map((part): FitTask => ({ kind: "part", part }));
      const results = await crew.doAll<FitTask, unknown>(tasks, {
        onResult: (part, result) => {
          batch.onPart?.(part, result);
          onProgress?.(doneAfter(batch, ++done), batch.phase);
        },
      });
      next = course.next(results);
    }
    return next.value;
  });
}
