import { type DetectorName, type Effort, loadDetector } from "../detectors/registry.js";
import { notLearned, withEvents } from "../records/events.js";
import type { KnownEvent } from "../records/known-event.js";
import type { AnomalyRecord } from "../records/record.js";
import { exclude } from "../series/exclude.js";
import { endMs, type Series, type TimeRange } from "../series/series.js";
import { type Turns, takeTurns } from "../threads/turns.js";
import { companyAmong } from "../verdicts/company.js";
import { loadConfidence } from "../verdicts/confidence/load.js";
import type { JudgedEpisode } from "../verdicts/judged.js";
import { withVerdicts } from "../verdicts/with-verdicts.js";
import { ALARM_RULES, type AlarmRules } from "./alarm-metrics.js";
import { autoFits } from "./auto-fits.js";
import type { BacktestInput } from "./backtest-input.js";
import { type Figures, figuresOf, type SeriesFigures } from "./figures.js";
import { type BacktestFit, type FitSchedule, type FittedAt, fitsOf, fitTimes } from "./fitting.js";
import { heldBackScores } from "./held-back.js";
import { replayAll } from "./replay-all.js";
import { ignoredSlots, type ScoredSeries } from "./scored-series.js";

export interface BacktestOptions extends BacktestFit {
  /** `auto`: at each fit the one that finds the most in each series, as measured on its past. */
  readonly detector: DetectorName | "auto";
  /** How many detectors `auto` tries. Default: low. */
  readonly effort?: Effort;
  /** Time between fits. */
  readonly refitMs: number;
  /** The start of every series that is warm-up: the first fit comes after it, and it does not count. */
  readonly ignoreMs: number;
  readonly vus: boolean;
  /** An event counts as caught up to this long after its start; undefined: 30 minutes. */
  readonly toleranceMs?: number;
  /** Nothing is learned from maintenances and holidays, and slots of a maintenance do not count. Default: none. */
  readonly events?: readonly KnownEvent[];
  /** Episodes with verdicts, for what these hold back of later ones. Default: none. */
  readonly judged?: readonly JudgedEpisode[];
  readonly threads?: number;
  /** Where the scores of an input are written; undefined writes none. */
  readonly pathOf?: (input: BacktestInput, place: number) => string;
  readonly onProgress?: (phase: "fitting" | "replaying", done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** One series after its replay. */
export interface BacktestResult {
  readonly input: BacktestInput;
  readonly path: string | null;
  readonly scored: ScoredSeries;
  readonly ranking: SeriesFigures;
  /** Figures of this series alone, without the sweeps over thresholds that only mean something for a set. */
  readonly figures: Figures;
  readonly records: readonly AnomalyRecord[];
  /** Spans from which nothing was learned. */
  readonly leftOut: readonly TimeRange[];
}

export interface Backtest {
  readonly results: readonly BacktestResult[];
  /** Over all series that have labels; null where none has. */
  readonly total: Figures | null;
  /** How often the detector was fitted. */
  readonly fits: number;
}

/** Replays all inputs with one detector and counts what it would have done. */
export async function runBacktest(inputs: readonly BacktestInput[], options: BacktestOptions): Promise<Backtest> {
  const rules: AlarmRules = { ...ALARM_RULES, delayMs: options.toleranceMs ?? ALARM_RULES.delayMs };
  const groups = groupsOf(inputs);
  const events = options.events ?? [];
  const spansOf = notLearned(events);
  const uncountedOf = notLearned(events.filter(({ kind }) => kind === "maintenance"));
  const turns = takeTurns(options.signal);
  const fits: (readonly FittedAt[])[] = [];
  for (const [done, group] of groups.entries()) {
    const report = (at: number, of: number) =>
      options.onProgress?.("fitting", done + at / Math.max(1, of), groups.length);
    const times = fitTimes(spanOf(group), options.ignoreMs, options.refitMs);
    fits.push(await fitsAt({ series: group.map((one) => exclude(one, spansOf(one))), times }, options, turns, report));
    await turns.pause();
  }
  const jobs = inputs.map((input, i) => ({
    series: input.series,
    label: input.label,
    group: groups.findIndex((group) => group.includes(input.series)),
    path: options.pathOf?.(input, i) ?? null,
    uncounted: uncountedOf(input.series),
    leftOut: spansOf(input.series),
  }));
  const plan = {
    detector: options.detector,
    options: plain(options),
    fits,
    ignoreMs: options.ignoreMs,
    vus: options.vus,
  };
  const outcomes = await replayAll(jobs, plan, {
    threads: options.threads,
    signal: options.signal,
    onDone: (done, total) => options.onProgress?.("replaying", done, total),
  });
  const judged = options.judged ?? [];
  const confidence = (await loadConfidence(judged))?.of;
  const company = companyAmong(outcomes.flatMap((one) => one.records));
  const results = outcomes.map(({ score, figures: ranking, records: found }, i): BacktestResult => {
    const { series, label } = inputs[i];
    const records = withVerdicts(withEvents(found, events), judged, { confidence, company });
    const scored: ScoredSeries = {
      stepMs: series.stepMs,
      score: heldBackScores(score, series, records, { judged, company }),
      label: label ?? new Uint8Array(score.length),
      ignoreSlots: ignoredSlots(options.ignoreMs, series.stepMs),
    };
    const figures = figuresOf([scored], [ranking], { sweep: false, rules });
    return { input: inputs[i], path: jobs[i].path, scored, ranking, figures, records, leftOut: jobs[i].leftOut };
  });
  const labelled = results.filter(({ input }) => input.label !== null);
  return {
    results,
    total:
      labelled.length === 0
        ? null
        : figuresOf(
            labelled.map((r) => r.scored),
            labelled.map((r) => r.ranking),
            { rules },
          ),
    fits: fits.reduce((sum, group) => sum + group.length, 0),
  };
}

async function fitsAt(
  schedule: FitSchedule,
  options: BacktestOptions,
  turns: Turns,
  report: (done: number, total: number) => void,
): Promise<readonly FittedAt[]> {
  if (options.detector === "auto") return autoFits(schedule, plain(options), turns, options, report);
  const detector = await loadDetector(options.detector);
  return turns.drive(fitsOf(detector, await detector.loadFit?.(), schedule, plain(options), report));
}

/** Only what can be sent to a thread. */
function plain({ timezone, seed, threshold }: BacktestFit): BacktestFit {
  return { timezone, seed, threshold };
}

/** Series of one step are fitted together. */
function groupsOf(inputs: readonly BacktestInput[]): Series[][] {
  const groups = new Map<number, Series[]>();
  for (const { series } of inputs) {
    const group = groups.get(series.stepMs);
    if (group === undefined) groups.set(series.stepMs, [series]);
    else group.push(series);
  }
  return [...groups.values()];
}

function spanOf(series: readonly Series[]): TimeRange {
  return series.reduce(
    (span, one) => ({ startMs: Math.min(span.startMs, one.startMs), endMs: Math.max(span.endMs, endMs(one)) }),
    { startMs: Number.POSITIVE_INFINITY, endMs: Number.NEGATIVE_INFINITY },
  );
}
