import { slotCount, toGrid } from "../series/grid.js";
import { mergePoints } from "../series/merge.js";
import type { Points } from "../series/points.js";
import { type Labels, type Series, seriesKey } from "../series/series.js";
import { measureStep, type StepMeasure } from "../series/step.js";
import { formatDuration } from "../time/duration.js";
import { formatUtc } from "../time/format.js";
import { count, thousands } from "../wording/count.js";
import { unitNames } from "./cell-units.js";

/** One series of one file, with the labels that say which series of the history it is part of. */
export interface NamedPart {
  readonly file: string;
  readonly name: string;
  readonly labels: Labels;
  readonly points: Points;
  readonly unitCells: number;
  /** The base units of these cells, as bits. */
  readonly units: number;
  readonly plainCells: number;
  /** The step of these points alone. */
  readonly step: StepMeasure;
}

export interface LeftOut {
  readonly name: string;
  readonly labels: Labels;
  readonly reason: string;
}

/** A series whose points are further apart (or nearer) in one stretch of time than in the rest. */
export interface ChangedStep {
  readonly name: string;
  readonly stepMs: number;
  readonly otherStepMs: number;
  readonly startMs: number;
  readonly endMs: number;
}

export interface MergeReport {
  readonly stepMs: number;
  /** Steps that were found, each with the number of its series, most common first. */
  readonly steps: readonly (readonly [stepMs: number, series: number])[];
  readonly parts: number;
  readonly series: number;
  /** Slots that hold a value, over all series. */
  readonly values: number;
  /** Points at a time that another file had already, saying the same or one of them nothing. */
  readonly equalDuplicates: number;
  /** … saying something else: the value read later stays. */
  readonly conflictingDuplicates: number;
  /** Points whose time was not the start of a slot; they are floored to it. */
  readonly offGrid: number;
  /** Series with a finer step, averaged into the slots. */
  readonly averagedSeries: number;
  /** Series with a coarser step, left out. */
  readonly coarserSeries: number;
  readonly changedSteps: readonly ChangedStep[];
  readonly emptySeries: number;
}

export interface MergeOptions {
  readonly stepMs?: number;
  readonly percent?: "ratio" | "keep";
}

/** A series of one point has no step of its own; alone it is put on a minute, as the finest step that is common. */
const LONE_POINT_STEP_MS = 60_000;
/** More slots than this for a series, at fewer than one value in a thousand, is a stray time and not a history. */
const SPARSE_SLOTS = 1_000_000;
const SPARSE_SHARE = 0.001;

/**
 * The parts of all files as one series for each set of labels, on one grid.
 *
 * At a time that two parts have, a value beats a missing one and the later read wins. The grid's step is the one that most
 * series have, or the one given. Finer series are averaged into the slots; coarser ones are left out, because what
 * happened between their points is not known.
 *
 * @param keep takes each series as it is ready; what it gives is what is returned of it.
 */
export function mergeHistory<Kept>(parts: readonly NamedPart[], options: MergeOptions, keep: (series: Series) => Kept) {
  const groups = new Map<string, NamedPart[]>();
  for (const part of parts) {
    const key = seriesKey(part.labels);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [part]);
    else group.push(part);
  }
  const counts = { equal: 0, conflicting: 0, offGrid: 0, averaged: 0, coarser: 0, values: 0, empty: 0 };
  const changedSteps: ChangedStep[] = [];
  const leftOut: LeftOut[] = [];
  const steps = stepsOf([...groups.values()]);
  const stepMs = options.stepMs ?? steps[0]?.[0] ?? LONE_POINT_STEP_MS;
  const series: Kept[] = [];

  for (const group of groups.values()) {
    const [{ name, labels }] = group;
    const merged = mergePoints(group.map((part) => part.points));
    counts.equal += merged.equal;
    counts.conflicting += merged.conflicting;
    const { points } = merged;
    const step = group.length === 1 ? group[0].step : measureStep(points);
    for (const change of step.changes) {
      changedSteps.push({
        name,
        stepMs: step.stepMs ?? stepMs,
        otherStepMs: change.stepMs,
        startMs: change.startMs,
        endMs: change.endMs,
      });
    }
    const reason = whyLeftOut(group, points, step, stepMs);
    if (reason !== undefined) {
      if (reason.coarser) counts.coarser++;
      leftOut.push({ name, labels, reason: reason.words });
      continue;
    }
    const [found] = unitNames(unitsOf(group));
    const percent = found === "percent";
    const gridded = toGrid(points, stepMs);
    const values = percent && options.percent === "ratio" ? gridded.values.map((value) => value / 100) : gridded.values;
    let valid = 0;
    for (let i = 0; i < values.length; i++) if (values[i] === values[i]) valid++;
    counts.values += valid;
    if (valid === 0) counts.empty++;
    counts.offGrid += gridded.offGrid;
    if (step.stepMs !== undefined && step.stepMs < stepMs) counts.averaged++;
    const unit = found === undefined ? {} : { unit: percent && options.percent === "ratio" ? "ratio" : found };
    series.push(keep({ name, labels, startMs: gridded.startMs, stepMs, values, ...unit }));
  }
  const report: MergeReport = {
    stepMs,
    steps,
    parts: parts.length,
    series: series.length,
    values: counts.values,
    equalDuplicates: counts.equal,
    conflictingDuplicates: counts.conflicting,
    offGrid: counts.offGrid,
    averagedSeries: counts.averaged,
    coarserSeries: counts.coarser,
    changedSteps,
    emptySeries: counts.empty,
  };
  return { series, report, leftOut };
}

/** How many series have which step, by their longest part; most common first, of equals the finer. */
function stepsOf(groups: readonly (readonly NamedPart[])[]): (readonly [number, number])[] {
  const steps = new Map<number, number>();
  for (const group of groups) {
    const longest = group.reduce((a, b) => (b.points.times.length > a.points.times.length ? b : a));
    const { stepMs } = longest.step;
    if (stepMs !== undefined) steps.set(stepMs, (steps.get(stepMs) ?? 0) + 1);
  }
  return [...steps].sort(([stepA, a], [stepB, b]) => b - a || stepA - stepB);
}

const unitsOf = (group: readonly NamedPart[]) => group.reduce((bits, part) => bits | part.units, 0);

function whyLeftOut(group: readonly NamedPart[], points: Points, step: StepMeasure, stepMs: number) {
  if (step.stepMs !== undefined && step.stepMs > stepMs) {
    const own = formatDuration(step.stepMs);
    return {
      coarser: true,
      words: `its step is ${own}, coarser than ${formatDuration(stepMs)}; --step ${own} takes it`,
    };
  }
  const plain = group.reduce((sum, part) => sum + (part.unitCells > 0 ? part.plainCells : 0), 0);
  const withUnit = group.reduce((sum, part) => sum + part.unitCells, 0);
  const units = unitNames(unitsOf(group));
  const unlike =
    group.some((part) => part.unitCells > 0) &&
    group.some((part) => part.unitCells === 0 && part.points.values.some((v) => v === v));
  if (units.length > 1) {
    return { coarser: false, words: `${units.join(" and ")} are mixed in it; export it in one unit` };
  }
  if (plain > 0 || unlike) {
    return {
      coarser: false,
      words: `${units[0] === "percent" ? "percentages" : units[0]} (${withUnit} cells) and plain numbers are mixed in it; export it in one unit`,
    };
  }
  const slots = slotCount(points, stepMs);
  if (slots > SPARSE_SLOTS && points.times.length < slots * SPARSE_SHARE) {
    const { times } = points;
    return {
      coarser: false,
      words: `its ${times.length} points lie far apart, from ${formatUtc(times[0])} to ${formatUtc(times[times.length - 1])}; --from and --until cut off stray times`,
    };
  }
  return undefined;
}

/** The report in lines for people; what did not occur is not said. */
export function describeMerge(report: MergeReport): string[] {
  const lines = [
    `${count(report.series, "series")} on a grid of ${formatDuration(report.stepMs)}, ${thousands(report.values)} values, merged from ${count(report.parts, "part")}`,
  ];
  if (report.equalDuplicates + report.conflictingDuplicates > 0) {
    lines.push(
      `${count(report.equalDuplicates, "point")} of another file were there already and agree, ${thousands(report.conflictingDuplicates)} differ (the value read later stays)`,
    );
  }
  if (report.averagedSeries > 0)
    lines.push(`${count(report.averagedSeries, "series")} with a finer step averaged into the slots`);
  if (report.coarserSeries > 0) lines.push(`${count(report.coarserSeries, "series")} with a coarser step left out`);
  if (report.offGrid > 0) lines.push(`${count(report.offGrid, "point")} between slots floored to their slot`);
  if (report.emptySeries > 0) lines.push(`${count(report.emptySeries, "series")} without any value`);
  const shown = report.changedSteps.slice(0, 3);
  for (const change of shown) {
    lines.push(
      `${change.name} changes its step: ${formatDuration(change.otherStepMs)} instead of ${formatDuration(change.stepMs)} from ${formatUtc(change.startMs)} to ${formatUtc(change.endMs)}`,
    );
  }
  if (report.changedSteps.length > shown.length)
    lines.push(`${report.changedSteps.length - shown.length} more series change their step`);
  return lines;
}
