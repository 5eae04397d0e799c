import type { AnomalyRecord } from "../records/record.js";
import { SERIES_STATES, type StateTotals } from "../records/status.js";
import type { Note, RunReport } from "./run/order.js";
import { FIGURES, type SeriesIdentity, type SeriesNow } from "./run/series-now.js";
import { EMPTY_ROW } from "./run/series-table.js";

/** How the newest runs of a job went. Times are epoch ms; null: there was none yet. */
export interface JobHealth {
  readonly startedMs: number | null;
  readonly endedMs: number | null;
  readonly succeededMs: number | null;
  /** Why the newest run failed; null if it did not. */
  readonly failure: string | null;
  readonly isRunning: boolean;
  /** Whether a run has come to an end, good or bad; one that found its files locked has not. */
  readonly hasRun: boolean;
}

/** All that is known of a job now. */
export interface JobFindings {
  readonly name: string;
  readonly health: JobHealth;
  readonly report: RunReport | null;
  readonly series: () => Iterable<SeriesNow>;
  readonly seriesCount: number;
  /** In the order of the records file. */
  readonly records: () => Iterable<AnomalyRecord>;
  /** Records that the newest run has added or changed. */
  readonly changed: readonly AnomalyRecord[];
  /** Changes with every run that has changed anything: for ETags and listeners. */
  readonly version: number;
}

/** What is known of the jobs, kept up to date by the notes of their runs. */
export class Findings {
  private readonly jobs = new Map<string, JobState>();
  private readonly listeners = new Set<(job: string) => void>();

  /** The jobs that are served; those that are not any more are forgotten. */
  setJobs(names: readonly string[]): void {
    for (const name of this.jobs.keys()) if (!names.includes(name)) this.jobs.delete(name);
    for (const name of names) if (!this.jobs.has(name)) this.jobs.set(name, new JobState(name));
  }

  started(job: string, nowMs: number): void {
    this.jobs.get(job)?.started(nowMs);
  }

  /** Takes what a run says on the way. */
  take(job: string, note: Note): void {
    this.jobs.get(job)?.take(note);
  }

  /** Takes what the files hold of earlier runs: nothing of it is a change. */
  remember(job: string, note: Note): void {
    this.jobs.get(job)?.remember(note);
  }

  ended(job: string, nowMs: number, report: RunReport): void {
    this.jobs.get(job)?.ended(nowMs, report);
    this.tell(job);
  }

  /** @param isLocked another process held the job's files: it was not run. */
  failed(job: string, nowMs: number, reason: string, isLocked: boolean): void {
    this.jobs.get(job)?.failed(nowMs, reason, isLocked);
    this.tell(job);
  }

  all(): readonly JobFindings[] {
    return [...this.jobs.values()];
  }

  get(job: string): JobFindings | undefined {
    return this.jobs.get(job);
  }

  /** Calls back after each run. @returns what ends it. */
  listen(listener: (job: string) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private tell(job: string): void {
    for (const listener of this.listeners) listener(job);
  }
}

class JobState implements JobFindings {
  readonly name: string;
  health: JobHealth = {
    startedMs: null,
    endedMs: null,
    succeededMs: null,
    failure: null,
    isRunning: false,
    hasRun: false,
  };
  report: RunReport | null = null;
  version = 0;
  changed: readonly AnomalyRecord[] = [];
  private changing: AnomalyRecord[] = [];
  private named: (readonly [row: number, identity: SeriesIdentity])[] = [];
  private identities: (SeriesIdentity | undefined)[] = [];
  private states: Uint8Array = new Uint8Array(0);
  private figures: Float64Array = new Float64Array(0);
  private reasons: (string | null)[] = [];
  private byId = new Map<string, AnomalyRecord>();

  constructor(name: string) {
    this.name = name;
  }

  get seriesCount(): number {
    return this.states.reduce((sum, state) => (state === EMPTY_ROW ? sum : sum + 1), 0);
  }

  *series(): Iterable<SeriesNow> {
    for (let row = 0; row < this.states.length; row++) {
      const identity = this.identities[row];
      if (identity === undefined || this.states[row] === EMPTY_ROW) continue;
      const at = row * FIGURES.length;
      const [atMs, observed, expected, lower, upper, score] = this.figures.subarray(at, at + FIGURES.length);
      yield {
        ...identity,
        state: SERIES_STATES[this.states[row]],
        reason: this.reasons[row] ?? null,
        atMs,
        observed,
        expected,
        lower,
        upper,
        score,
      };
    }
  }

  records(): Iterable<AnomalyRecord> {
    return this.byId.values();
  }

  started(nowMs: number): void {
    this.health = { ...this.health, startedMs: nowMs, isRunning: true };
  }

  take(note: Note): void {
    // A place may have had another series: its figures are not this one's, so a name counts once its figures are here.
    if (note.kind === "names") this.named.push(...note.added);
    if (note.kind === "figures") {
      for (const [row, identity] of this.named) this.identities[row] = identity;
      this.named = [];
      this.states = note.states;
      this.figures = note.figures;
      for (const [row, reason] of note.reasons) this.reasons[row] = reason;
      for (let row = 0; row < note.rows; row++) if (note.states[row] === EMPTY_ROW) this.identities[row] = undefined;
    }
    if (note.kind === "records") {
      for (const record of note.changed) this.byId.set(record.id, record);
      this.changing.push(...note.changed);
    }
  }

  remember(note: Note): void {
    this.take(note);
    this.changing = [];
  }

  ended(nowMs: number, report: RunReport): void {
    this.report = report;
    this.takeChanges();
    if (report.ids !== null) {
      const kept = new Map<string, AnomalyRecord>();
      for (const id of report.ids) {
        const record = this.byId.get(id);
        if (record !== undefined) kept.set(id, record);
      }
      this.byId = kept;
    }
    this.health = { ...this.health, endedMs: nowMs, succeededMs: nowMs, failure: null, isRunning: false, hasRun: true };
    this.version++;
  }

  /** A run that failed half-way has said some changes; they are that run's, not the next one's. */
  private takeChanges(): void {
    this.changed = this.changing;
    this.changing = [];
  }

  failed(nowMs: number, reason: string, isLocked: boolean): void {
    this.takeChanges();
    const hasRun = this.health.hasRun || !isLocked;
    this.health = { ...this.health, endedMs: nowMs, failure: reason, isRunning: false, hasRun };
    this.version++;
  }
}

/** Series of all jobs by status. */
export function totalsOf(jobs: readonly JobFindings[]): StateTotals {
  const totals = Object.fromEntries(SERIES_STATES.map((state) => [state, 0])) as Record<string, number>;
  for (const job of jobs) for (const { state } of job.series()) totals[state]++;
  return totals as StateTotals;
}
