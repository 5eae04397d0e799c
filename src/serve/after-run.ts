import { messageOf } from "../errors/errors.js";
import type { AnomalyRecord } from "../records/record.js";
import type { Findings } from "./findings.js";
import type { ServedJob } from "./run/order.js";
import type { SeriesNow } from "./run/series-now.js";

/** A run that has ended, as those who act on its findings see it. */
export interface FinishedRun {
  readonly served: ServedJob;
  readonly job: string;
  /** When the run ended, epoch ms. */
  readonly atMs: number;
  /** Why it failed; null if it did not. After a failed run the records are those of the run before. */
  readonly failure: string | null;
  /** Records that the run has added or changed, closed ones included. A process that was killed may never have said them: what must not be missed is compared with `records`. */
  readonly changed: readonly AnomalyRecord[];
  /** All records that are kept, in the order of the file. */
  readonly records: () => Iterable<AnomalyRecord>;
  /** The status and newest slot of each series. */
  readonly series: () => Iterable<SeriesNow>;
}

export type AfterRun = (run: FinishedRun) => void | Promise<void>;

/** Those who act after each run. */
export interface AfterRuns {
  /**
   * Calls the listener after every run of a served job, one run at a time and in their order. What it throws is counted and logged under
   * its name, and keeps neither other listeners nor later runs from being heard.
   */
  readonly add: (name: string, listener: AfterRun) => void;
  /** Waits for the listeners that are under way, for a moment. */
  readonly close: () => Promise<void>;
}

/** Time for listeners to end when the server is asked to stop, after its runs have. */
const STOP_MS = 1000;

export function afterRuns(
  findings: Findings,
  around: {
    readonly jobs: () => readonly ServedJob[];
    readonly nowMs: () => number;
    readonly onFailure: (listener: string, job: string, reason: string) => void;
  },
): AfterRuns {
  const turns = new Map<string, Promise<void>>();
  const listeners = new Map<string, AfterRun>();
  const stop = findings.listen((name) => {
    const served = around.jobs().find(({ job }) => job.name === name);
    const job = findings.get(name);
    if (served === undefined || job === undefined) return;
    const run: FinishedRun = {
      served,
      job: name,
      atMs: job.health.endedMs ?? around.nowMs(),
      failure: job.health.failure,
      changed: job.changed,
      records: () => job.records(),
      series: () => job.series(),
    };
    for (const [listener, act] of listeners) {
      const turn = (turns.get(listener) ?? Promise.resolve())
        .then(() => act(run))
        .catch((thrown) => around.onFailure(listener, name, messageOf(thrown)));
      turns.set(listener, turn);
    }
  });
  return {
    add: (name, listener) => {
      listeners.set(name, listener);
    },
    close: async () => {
      stop();
      const late = new Promise<void>((done) => {
        setTimeout(done, STOP_MS).unref();
      });
      await Promise.race([Promise.all(turns.values()), late]);
    },
  };
}
