import type { SeriesPoints } from "../../runs/find-anomalies.js";
import type { TimeRange } from "../../series/series.js";
import { HOUR_MS } from "../../time/duration.js";
import { publishedLabels } from "../exposition/series-labels.js";
import { labelName } from "../exposition/text.js";
import type { Findings, JobFindings } from "../findings.js";
import { Refusal } from "../http/guard.js";
import type { SeriesIdentity, SeriesNow } from "../run/series-now.js";
import { matching } from "./matching.js";
import { type Comparison, DETECTIONS, type Detection, type Matcher, type Query } from "./parse.js";
import { type Grid, sampleAt } from "./samples.js";

/** Where scored slots of the past come from: replays of the source through the detector. */
export interface Replays {
  /** Slots of series of a job that are known now. @throws Refusal or SourceError. */
  readonly ofSeries: (
    job: string,
    series: readonly SeriesIdentity[],
    range: TimeRange,
  ) => Promise<readonly SeriesPoints[]>;
  /** Slots of whatever an expression brings from a job's upstream. @param job undefined: the only one that asks a server of PromQL. */
  readonly ofExpression: (
    job: string | undefined,
    expression: string,
    range: TimeRange,
  ) => Promise<readonly SeriesPoints[]>;
}

/** A series of an answer: one value for each moment of the grid, NaN where there is none. */
export interface Vector {
  readonly labels: ReadonlyMap<string, string>;
  readonly values: Float64Array;
}

export type Answer =
  | { readonly kind: "scalar"; readonly value: number }
  | { readonly kind: "vectors"; readonly vectors: readonly Vector[] };

export interface EvaluateContext {
  readonly findings: Findings;
  readonly replays: Replays;
  readonly nowMs: () => number;
}

/** Series whose past one answer replays: each is days of history. */
export const MOST_REPLAYED = 200;
/** What was found holds until the next run; after this it is not shown as now. */
const HOLDS_MS = HOUR_MS;
/** Metrics that are only known for now. */
const STATUS = "anomaly_status";

/** Evaluates a query at the moments of a grid. @throws Refusal saying what is not possible. */
export async function evaluate(query: Query, grid: Grid, context: EvaluateContext): Promise<Answer> {
  if (query.kind === "number") return { kind: "scalar", value: query.value };
  if (query.kind === "selector") return { kind: "vectors", vectors: await select(query.matchers, grid, context) };
  if (query.kind === "detection") return { kind: "vectors", vectors: await detect(query, grid, context) };
  const left = await evaluate(query.left, grid, context);
  if (left.kind === "scalar") {
    if (!query.isBool) throw new Refusal(400, "bad_data", "a comparison of two numbers needs bool");
    return { kind: "scalar", value: holds(left.value, query.op, query.right) ? 1 : 0 };
  }
  return { kind: "vectors", vectors: left.vectors.flatMap((vector) => compared(vector, query)) };
}

function compared(
  { labels, values }: Vector,
  { op, right, isBool }: Extract<Query, { kind: "comparison" }>,
): readonly Vector[] {
  const kept = values.map((value) => {
    if (value !== value) return Number.NaN;
    if (isBool) return holds(value, op, right) ? 1 : 0;
    return holds(value, op, right) ? value : Number.NaN;
  });
  if (kept.every((value) => value !== value)) return [];
  return [{ labels: isBool ? withoutName(labels) : labels, values: kept }];
}

function holds(left: number, op: Comparison, right: number): boolean {
  if (op === ">") return left > right;
  if (op === ">=") return left >= right;
  if (op === "<") return left < right;
  if (op === "<=") return left <= right;
  return op === "==" ? left === right : left !== right;
}

/** A series of ours as a selector sees it. */
export interface Published {
  readonly labels: ReadonlyMap<string, string>;
  readonly job: JobFindings;
  readonly series: SeriesNow;
  readonly what: Exclude<Detection, "band"> | "status";
}

/** All series of ours, under all of their names. */
export function published(findings: Findings, names?: ReadonlySet<string>): Published[] {
  const figures = DETECTIONS.filter((what) => what !== "band");
  return findings.all().flatMap((job) =>
    [...job.series()].flatMap((series) => {
      const own = publishedLabels(job.name, series);
      const one = (name: string, what: Published["what"], more: readonly (readonly [string, string])[] = []) =>
        names === undefined || names.has(name)
          ? [{ labels: new Map([["__name__", name], ...own, ...more]), job, series, what }]
          : [];
      return [
        ...figures.flatMap((what) => (Number.isNaN(series[what]) ? [] : one(`anomaly_${what}`, what))),
        ...one(STATUS, "status", [["status", series.state]]),
      ];
    }),
  );
}

/** The names that a selector can mean, where it says so outright. */
export function namesOf(matchers: readonly Matcher[]): ReadonlySet<string> | undefined {
  const exact = matchers.find(({ label, op }) => label === "__name__" && op === "=");
  return exact === undefined ? undefined : new Set([exact.value]);
}

async function select(
  matchers: readonly Matcher[],
  grid: Grid,
  { findings, replays }: EvaluateContext,
): Promise<Vector[]> {
  const found = matching(published(findings, namesOf(matchers)), matchers);
  const startMs = grid.startS * 1000;
  const isNow = (one: Published) => one.what === "status" || startMs >= one.series.atMs;
  const now = found.filter(isNow).flatMap((one) => held(one, grid));
  const past = found.filter((one) => !isNow(one));
  if (past.length === 0) return now;
  const byJob = new Map<string, Map<SeriesNow["labels"], Published[]>>();
  for (const one of past) {
    const own = byJob.get(one.job.name) ?? new Map();
    byJob.set(one.job.name, own.set(one.series.labels, [...(own.get(one.series.labels) ?? []), one]));
  }
  const series = [...byJob.values()].reduce((sum, own) => sum + own.size, 0);
  if (series > MOST_REPLAYED) {
    throw new Refusal(
      422,
      "execution",
      `the past of ${series} series would have to be replayed, up to ${MOST_REPLAYED} are; narrow the selector, or query the server that scrapes or receives these metrics`,
    );
  }
  const vectors = [...now];
  for (const [job, own] of byJob) {
    const wanted = [...own.values()].map(([one]) => one.series);
    const points = await replays.ofSeries(job, wanted, rangeOf(grid));
    for (const slots of points) {
      const key = [...own.keys()].find((labels) => sameLabels(labels, slots.labels));
      for (const { labels, what } of own.get(key ?? {}) ?? []) {
        if (what !== "status") vectors.push({ labels, values: sampleAt(slots, what, grid) });
      }
    }
  }
  return vectors.filter(({ values }) => values.some((value) => value === value));
}

function sameLabels(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

/** What the newest run has said, at the moments for which it holds. */
function held({ labels, job, series, what }: Published, grid: Grid): Vector[] {
  const sinceMs = what === "status" ? (job.health.endedMs ?? Number.NaN) : series.atMs;
  const value = what === "status" ? 1 : series[what];
  const values = new Float64Array(grid.count).fill(Number.NaN);
  let isAny = false;
  for (let i = 0; i < grid.count; i++) {
    const atMs = (grid.startS + i * grid.stepS) * 1000;
    if (atMs < sinceMs || atMs - sinceMs > HOLDS_MS) continue;
    values[i] = value;
    isAny = true;
  }
  return isAny ? [{ labels, values }] : [];
}

async function detect(
  { what, expression, job }: Extract<Query, { kind: "detection" }>,
  grid: Grid,
  { replays }: EvaluateContext,
): Promise<Vector[]> {
  const points = await replays.ofExpression(job, expression, rangeOf(grid));
  const kinds = what === "band" ? (["lower", "upper"] as const) : ([what] as const);
  return points
    .flatMap((slots) =>
      kinds.map((kind) => ({
        labels: new Map([
          ...Object.entries(slots.labels)
            .filter(([name]) => name !== "__name__")
            .map(([name, value]): [string, string] => [labelName(name), value]),
          ...(what === "band" ? [["band", kind] as [string, string]] : []),
        ]),
        values: sampleAt(slots, kind, grid),
      })),
    )
    .filter(({ values }) => values.some((value) => value === value));
}

/** The slots that the moments of a grid may need: those that began a while before the first one too. */
function rangeOf({ startS, stepS, count }: Grid): TimeRange {
  return { startMs: startS * 1000 - HOLDS_MS, endMs: (startS + (count - 1) * stepS) * 1000 + 1 };
}

function withoutName(labels: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...labels].filter(([name]) => name !== "__name__"));
}
