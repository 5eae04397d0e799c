import { openJob, type RunContext, runJob } from "../../runs/run-job.js";
import type { Surroundings } from "../../runs/surroundings.js";
import { fileRunStore } from "../../store/run/file-run-store.js";
import { DAY_MS } from "../../time/duration.js";
import { slotsWithin } from "../replay/pieces.js";
import { readingOnly } from "../replay/reading-only.js";
import type { ServedJob } from "../run/order.js";
import { published, type SampleSeries, sampleCount, samplesOf } from "../write/sample-series.js";

/** The scores of all jobs in one window of time. */
export interface Window {
  readonly startMs: number;
  readonly endMs: number;
  readonly samples: readonly SampleSeries[];
  /** Series that were looked at, and those of them that failed, with a reason of one. */
  readonly series: number;
  readonly failed: number;
  readonly reason: string | null;
}

/** Samples of one window, about: 160 MB. */
const MOST_SAMPLES = 10_000_000;
/** Each replay also reads the history before it, so that windows are as long as memory allows. */
const FIRST_MS = DAY_MS;
const LONGEST_MS = 93 * DAY_MS;

/**
 * Replays jobs over a range, window by window, and in each all jobs: a receiver that is empty takes a history in the order of time only.
 * Windows fit each other to the bit.
 *
 * @param untilMs null: up to the newest data, in one window; for files, which are read whole anyway.
 * @throws what a run throws: SourceError, ModelError …
 */
export async function* replayWindows(
  jobs: readonly ServedJob[],
  { fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number | null },
  around: Surroundings & Pick<RunContext, "eventsIn">,
): AsyncGenerator<Window> {
  let lengthMs = FIRST_MS;
  for (let startMs = fromMs; untilMs === null || startMs < untilMs; ) {
    const wantedMs = untilMs === null ? null : Math.min(untilMs, startMs + lengthMs);
    const window = await replayWindow(jobs, startMs, wantedMs, around);
    yield window;
    if (wantedMs === null) return;
    const perMs = sampleCount(window.samples) / (wantedMs - startMs);
    lengthMs = Math.min(LONGEST_MS, Math.max(FIRST_MS, Math.floor(MOST_SAMPLES / perMs / DAY_MS) * DAY_MS));
    startMs = wantedMs;
  }
}

async function replayWindow(
  jobs: readonly ServedJob[],
  startMs: number,
  untilMs: number | null,
  around: Surroundings & Pick<RunContext, "eventsIn">,
): Promise<Window> {
  const samples: SampleSeries[] = [];
  let [endMs, series, failed, reason]: [number, number, number, string | null] = [startMs, 0, 0, null];
  for (const { job, states, stateDir } of jobs) {
    const range = {
      ...job.range,
      from: new Date(startMs).toISOString(),
      ...(untilMs !== null && { until: new Date(untilMs).toISOString() }),
    };
    const store = readingOnly(fileRunStore(stateDir, states));
    const run = await runJob(openJob({ ...job, range, isFresh: false, withEvidence: false }), {
      ...around,
      store,
      existing: [],
      withPoints: true,
    });
    endMs = Math.max(endMs, run.range.endMs);
    const failures = run.found.statuses.filter(({ state }) => state === "failed");
    series += run.found.statuses.length;
    failed += failures.length;
    reason ??= failures[0]?.reason ?? null;
    const points = run.found.points.map((one) => slotsWithin(one, run.range));
    for (const one of published(job.name, run.found.statuses, points).series) {
      samples.push(...samplesOf(one, Number.NEGATIVE_INFINITY, around.nowMs()));
    }
  }
  return { startMs, endMs, samples, series, failed, reason };
}
