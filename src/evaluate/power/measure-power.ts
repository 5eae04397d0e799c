import { type DetectorName, rowCostOf } from "../../detectors/registry.js";
import type { AlertBudget, Choice } from "../../model/choice.js";
import type { Series } from "../../series/series.js";
import { type StoredSeries, takeSlots } from "../../shelf/stored-series.js";
import { breathe } from "../../threads/breathe.js";
import { type Crew, withCrew } from "../../threads/crew.js";
import { threadsWorth } from "../../threads/threads-worth.js";
import { DAY_MS, WEEK_MS } from "../../time/duration.js";
import { choose, thresholdsOf } from "./choose.js";
import {
  type Candidate,
  type CleanResult,
  type IncidentsResult,
  openPower,
  type PowerPlan,
  type PowerTask,
} from "./power-job.js";
import { stratified } from "./sample.js";
import { characterOf } from "./traits.js";

/** One false alarm a series in a week: what people said they can live with. */
export const DEFAULT_BUDGET: AlertBudget = { episodes: 1, perMs: WEEK_MS };

export interface PowerRequest extends Omit<PowerPlan, "candidates" | "spreads"> {
  readonly candidates: readonly (Candidate & { readonly name: DetectorName })[];
  readonly budget: AlertBudget;
}

export interface PowerOptions {
  readonly threads?: number;
  readonly onProgress?: (done: number, total: number) => void;
  /** Ends all threads when it is aborted. */
  readonly signal?: AbortSignal;
}

/** What a series is like shows in so many of its newest slots. */
const CHARACTER_SLOTS = 4096;
/** Slots that are scored for one series beside the clean ones: the incidents of all curves, places and sizes that were tried. */
const INCIDENT_SLOTS = 700;
/** Slots that are scored in all: a part of those that are trained on, so that training takes half as long again at most. */
const LEAST_SLOTS = 12_000;
const SLOTS_SHARE = 0.35;
const LEAST_SERIES = 6;
const MOST_SERIES = 64;
/** Days with incidents to try them in, and what detectors need before. */
const USUAL_WINDOW_MS = 21 * DAY_MS;
/**
 * From this much history on a fit has seen each weekday three times, and the rarer ordinary gaps. With less it gives false alarms that its
 * held-out days do not show, because its thresholds are from these very days: of two simulated fleets of 120 series, family gave 114, 57,
 * 50, 22 and 13 in four days after 5, 10, 14, 21 and 28 days of history, residual 10 throughout.
 */
export const ENOUGH_TO_FIT_MS = 28 * DAY_MS;
const WORKER = new URL("./power-worker.js", import.meta.url);
/** Fewer examinations than this are done before another thread has started. */
const SERIES_WORTH_A_THREAD = 4;

/**
 * Measures how much each candidate finds in the series of a model, and chooses one for each of them. Incidents are injected into days that
 * no candidate was fitted on, in a sample of the series drawn from each sort of them. The same for any number of threads.
 *
 * @returns undefined where no series is long enough to be examined.
 */
export async function measurePower(request: PowerRequest, options: PowerOptions = {}): Promise<Choice | undefined> {
  const { series, budget, stepMs, seed } = request;
  const candidates = [...request.candidates].sort((a, b) => rowCostOf(a.name) - rowCostOf(b.name));
  const isShort = isShortHistory(request);
  const characters = series.map((one) => characterOf(newest(one).values));
  const plan: PowerPlan = { ...request, candidates, spreads: characters.map(({ spread }) => spread) };
  const sample = stratified(
    characters.map(({ trait }) => trait),
    sampleSize(series, stepMs, candidates.length),
    seed,
  );
  const { examined, short, thresholds } = await withExaminers(plan, sample.length, options, async (examine) => {
    const total = 2 * sample.length;
    const report = (done: number) => options.onProgress?.(done, total);
    const clean = await examine<CleanResult>(
      sample.map((one) => ({ kind: "clean", series: one })),
      (done) => report(done),
    );
    const scored = sample.flatMap((one, i) => (clean[i] === undefined ? [] : [{ series: one, clean: clean[i] }]));
    const thresholds = thresholdsOf(
      scored.map((one) => one.clean),
      candidates.length,
      budget,
    );
    const smallest = await examine<IncidentsResult>(
      scored.map((one) => ({ kind: "incidents", ...one, thresholds: [thresholds.run, thresholds.equal] })),
      (done) => report(sample.length + done),
    );
    return {
      examined: scored.map((one, i) => ({ series: one.series, smallest: smallest[i][0], compared: smallest[i][1] })),
      short: new Set(sample.filter((_, i) => clean[i] === undefined)),
      thresholds,
    };
  });
  return choose({
    characters,
    short,
    examined,
    candidates: candidates.map(({ name }, c) => ({ name, divisor: thresholds.run[c] })),
    noisy: candidates.map(({ learned }, c) => thresholds.noisy[c] || (isShort && learned !== null)),
    budget,
    stepMs,
  });
}

/** Whether the history is too short for a fit to be trusted. */
function isShortHistory({ series, heldOut }: PowerRequest): boolean {
  return heldOut.endMs - Math.min(...series.map(({ startMs }) => startMs)) < ENOUGH_TO_FIT_MS;
}

function newest(stored: StoredSeries): Series {
  return takeSlots(stored, Math.max(0, stored.length - CHARACTER_SLOTS));
}

function sampleSize(series: readonly StoredSeries[], stepMs: number, candidates: number): number {
  const slots = series.reduce((sum, { length }) => sum + length, 0);
  const each = candidates * (USUAL_WINDOW_MS / stepMs + INCIDENT_SLOTS);
  const affordable = Math.floor((LEAST_SLOTS + SLOTS_SHARE * slots) / each);
  return Math.max(LEAST_SERIES, Math.min(MOST_SERIES, affordable));
}

type Examine = <Result>(tasks: readonly PowerTask[], onDone: (done: number) => void) => Promise<Result[]>;

/** Does the examinations with some threads or in this one. */
async function withExaminers<T>(
  plan: PowerPlan,
  count: number,
  { threads: asked, signal }: PowerOptions,
  work: (examine: Examine) => Promise<T>,
): Promise<T> {
  const threads = threadsWorth(WORKER, { asked, share: count / SERIES_WORTH_A_THREAD, parts: count });
  if (threads > 1) {
    return withCrew(WORKER, { threads, data: plan, signal }, (crew: Crew) =>
      work((tasks, onDone) => {
        let done = 0;
        return crew.doAll(tasks, { onResult: () => onDone(++done) });
      }),
    );
  }
  const examine = await openPower(plan);
  return work(async <Result>(tasks: readonly PowerTask[], onDone: (done: number) => void) => {
    const results: Result[] = [];
    for (const task of tasks) {
      results.push(examine(task) as Result);
      onDone(results.length);
      await breathe(signal);
    }
    return results;
  });
}
