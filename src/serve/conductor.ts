import { AnomalyError, LockedError, messageOf } from "../errors/errors.js";
import type { KnownEvent } from "../records/known-event.js";
import { type Lane, openLane } from "../threads/lane.js";
import type { JudgedEpisode } from "../verdicts/judged.js";
import type { Findings } from "./findings.js";
import type { Note, Order, RunReport, ServedJob } from "./run/order.js";
import { type Look, lookAtClock, type Turn, timetableOf } from "./schedule.js";
import type { Queued, QueueSpec } from "./write/write-queues.js";

/** What happened to a run, for whoever counts. */
export type Outcome = "ok" | "failed" | "locked";

export interface ConductorEvents {
  readonly onRun: (job: string, outcome: Outcome, seconds: number, report: RunReport | undefined) => void;
  /** A source that did not answer as it should; `kind` is its error's name, such as `timeout`. */
  readonly onFetchError: (job: string, source: string, kind: string) => void;
  readonly onMissed: (job: string, runs: number) => void;
  readonly onNote: (job: string, level: "warn" | "info" | "debug" | "error", message: string) => void;
  /** Scored slots that a run has queued for remote write. */
  readonly onQueued: (job: string, queued: Queued) => void;
  readonly onThreadDeath: (reason: string) => void;
}

/** Runs jobs when they are due. */
export interface Conductor {
  /** Takes the jobs that are to be served from now on; one that is unchanged keeps its turn and what is kept of it. */
  readonly setJobs: (jobs: readonly ServedJob[]) => void;
  /** Starts what is due, and does so again whenever something is, until `stop`. */
  readonly start: () => void;
  /** Runs every job once, one after the other; @returns the outcomes by job. */
  readonly once: () => Promise<ReadonlyMap<string, Outcome>>;
  /** Jobs that are due and wait for the thread. */
  readonly waiting: () => number;
  /** Ends what is under way, with everything that was found written or found again by the next run. */
  readonly stop: () => Promise<void>;
}

/** The clock is looked at this often at least, so that a step of it, or a machine that has slept, is noticed. */
const LONGEST_WAIT_MS = 1000;
/** Time for a run to end by itself when the process is asked to stop. */
const STOP_MS = 3000;
/** Another process holds a job's files for the seconds of its run: waiting for the next turn could be an hour. */
const LOCKED_AGAIN_MS = 2000;

/** @param script the thread's module; only tests name another. */
export function conductor(
  {
    findings,
    nowMs,
    mostWarmBytes,
    queues,
    events,
    knownEvents = async () => [],
    judged = async () => [],
    minConfidence,
  }: {
    readonly findings: Findings;
    readonly nowMs: () => number;
    /** States that may stay in memory, bytes; null: all. */
    readonly mostWarmBytes: number | null;
    /** Where newly scored slots are queued for remote write; null: nowhere. */
    readonly queues: QueueSpec | null;
    readonly events: ConductorEvents;
    /** Deployments and maintenances that runs are to know of. */
    readonly knownEvents?: () => Promise<readonly KnownEvent[]>;
    /** Episodes that people gave a verdict on. */
    readonly judged?: () => Promise<readonly JudgedEpisode[]>;
    /** Records with less confidence are held back. */
    readonly minConfidence?: number;
  },
  script = new URL("./job-worker.js", import.meta.url),
): Conductor {
  const lane: Lane = openLane(script, events.onThreadDeath);
  const served = new Map<string, { job: ServedJob; turn: Turn; isBusy: boolean; againMs?: number }>();
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let waiting = 0;

  // One order at a time: a thread that dies takes the run that killed it with it, and no other.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work);
    last = turn.catch(() => {});
    return turn;
  };

  const run = async (job: ServedJob): Promise<Outcome> => {
    const { name } = job.job;
    const beganMs = performance.now();
    const seconds = () => (performance.now() - beganMs) / 1000;
    waiting++;
    findings.started(name, nowMs());
    try {
      const [known, verdicts] = [await knownEvents(), await judged()];
      const around = { mostWarmBytes, queues, events: known, judged: verdicts, minConfidence };
      const order: Order = { kind: "run", served: job, ...around };
      const report = await inTurn(() =>
        lane.do<Order, RunReport, Note>(order, (note) => {
          if (note.kind === "warn" || note.kind === "info" || note.kind === "debug")
            events.onNote(name, note.kind, note.message);
          else if (note.kind === "queued") events.onQueued(name, note.queued);
          else findings.take(name, note);
        }),
      );
      findings.ended(name, nowMs(), report);
      // The others were fetched; what failed is named in its series' status.
      if (report.totals.failed > 0) events.onFetchError(name, job.job.source.source, "partial");
      events.onRun(name, "ok", report.seconds, report);
      return "ok";
    } catch (thrown) {
      if (isStopped) return "failed";
      const outcome = thrown instanceof LockedError || isLocked(thrown) ? "locked" : "failed";
      findings.failed(name, nowMs(), messageOf(thrown), outcome === "locked");
      events.onNote(name, outcome === "locked" ? "warn" : "error", messageOf(thrown));
      if (thrown instanceof AnomalyError && thrown.code.startsWith("source.")) {
        events.onFetchError(name, job.job.source.source, thrown.code.slice("source.".length));
      }
      events.onRun(name, outcome, seconds(), undefined);
      return outcome;
    } finally {
      waiting--;
    }
  };

  const remember = (job: ServedJob) => {
    const order: Order = { kind: "remember", served: job };
    const note = (said: Note) => findings.remember(job.job.name, said);
    // What cannot be read is read again by the run, which says so.
    inTurn(() => lane.do<Order, null, Note>(order, note)).catch(() => {});
  };

  const tick = () => {
    if (isStopped) return;
    const now = nowMs();
    let nextMs = now + LONGEST_WAIT_MS;
    for (const one of served.values()) {
      const isAgain = one.againMs !== undefined && now >= one.againMs;
      const look: Look = isAgain ? { kind: "run", missed: 0, turn: one.turn } : lookAtClock(one.turn, now);
      // A run never overlaps itself: while it is busy its turn stays as it is, and what passes is counted as missed afterwards.
      if (look.kind === "run" && one.isBusy) continue;
      one.turn = look.turn;
      if (look.kind === "wait") {
        nextMs = Math.min(nextMs, look.untilMs);
        continue;
      }
      if (look.missed > 0) events.onMissed(one.job.job.name, look.missed);
      one.isBusy = true;
      one.againMs = undefined;
      void run(one.job).then((outcome) => {
        one.isBusy = false;
        one.againMs = outcome === "locked" ? nowMs() + LOCKED_AGAIN_MS : undefined;
      });
    }
    timer = setTimeout(tick, Math.max(1, nextMs - now));
  };

  return {
    setJobs: (jobs) => {
      const names = jobs.map(({ job }) => job.name);
      findings.setJobs(names);
      for (const name of served.keys()) {
        if (names.includes(name)) continue;
        served.delete(name);
        void lane.do<Order, null>({ kind: "forget", name }).catch(() => {});
      }
      for (const job of jobs) {
        const { name } = job.job;
        const before = served.get(name);
        const timetable = timetableOf(name, job.everyMs);
        const isSameTime = before?.turn.timetable.everyMs === job.everyMs;
        // A new job is run at once: nobody wants to wait an hour for the first look.
        const turn = isSameTime ? before.turn : { timetable, settledMs: nowMs() - job.everyMs };
        // A run that is under way ends in the entry that it began with.
        if (before === undefined) {
          served.set(name, { job, turn, isBusy: false });
          remember(job);
        } else Object.assign(before, { job, turn });
      }
    },
    start: tick,
    once: async () => {
      const outcomes = new Map<string, Outcome>();
      for (const { job } of served.values()) outcomes.set(job.job.name, await run(job));
      return outcomes;
    },
    waiting: () => waiting,
    stop: async () => {
      isStopped = true;
      clearTimeout(timer);
      const late = new Promise<void>((done) => {
        setTimeout(done, STOP_MS).unref();
      });
      await Promise.race([lane.do<Order, null>({ kind: "stop" }).catch(() => null), late]);
      await lane.close();
    },
  };
}

function isLocked(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && thrown.code === "locked";
}
