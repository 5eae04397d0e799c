import type { SourceError } from "../errors/errors.js";
import { toGrid } from "../series/grid.js";
import { tidyTable } from "../series/points.js";
import { resample } from "../series/resample.js";
import { type Labels, type Series, seriesKey, type TimeRange } from "../series/series.js";
import { cutTo } from "../series/slice.js";
import { steadyStep } from "../series/steady-step.js";
import { measureStep, type StepChange } from "../series/step.js";
import { formatDuration } from "../time/duration.js";
import type { ReplySeries } from "./reply-series.js";
import type { FetchResult, SeriesQuery, Target, TargetProblem } from "./source.js";

/** What a server answered to each target; a target is in exactly one of the two. */
export interface Answers {
  readonly answers: ReadonlyMap<Target, readonly ReplySeries[]>;
  readonly failures: ReadonlyMap<Target, SourceError>;
}

/** What differs between the servers. */
export interface ReplyReading {
  /** `Graphite`, for messages. */
  readonly server: string;
  /** The labels of a reply's series; undefined where it is not what the target means. */
  readonly labelsOf: (
    reply: ReplySeries,
    target: Target,
  ) => { readonly labels: Labels; readonly note?: string } | undefined;
}

/**
 * Replies as series on their grid and range. Every target ends in at least one series or in one problem; of two series
 * with the same labels the first stays and a note names the other.
 */
export function assemble(
  query: SeriesQuery,
  range: TimeRange,
  { answers, failures }: Answers,
  reading: ReplyReading,
): FetchResult {
  const byKey = new Map<string, Series>();
  const problems: TargetProblem[] = [];
  const notes: string[] = [];
  let infinite = 0;
  for (const target of query.targets) {
    const failure = failures.get(target);
    if (failure !== undefined) {
      problems.push({ target, kind: "failed", reason: failure.message });
      continue;
    }
    const reasons: string[] = [];
    let given = 0;
    for (const reply of answers.get(target) ?? []) {
      const named = reading.labelsOf(reply, target);
      if (named === undefined) continue;
      const made = seriesOf(reply, named.labels, query, range);
      if (typeof made === "string") {
        reasons.push(made);
        continue;
      }
      given++;
      infinite += reply.infinite;
      if (reply.namesakes !== undefined) notes.push(namesakeNote(reply.name, reply.namesakes));
      for (const note of [named.note, made.note]) if (note !== undefined) notes.push(note);
      const key = seriesKey(made.series.labels);
      const other = byKey.get(key);
      if (other === undefined) byKey.set(key, made.series);
      else if (other.name !== made.series.name) {
        notes.push(
          `${made.series.name} has the same labels as ${other.name} (${key}) and is left out; a template that distinguishes them takes both`,
        );
      }
    }
    if (given === 0) {
      const failed = reasons.length > 0;
      problems.push({
        target,
        kind: failed ? "failed" : "no_data",
        reason: failed
          ? reasons[0]
          : `${reading.server} has no data for ${target.expression} in this range, or no such metric`,
      });
    } else notes.push(...reasons);
  }
  if (infinite > 0) notes.push(`${infinite} infinite values are taken as missing`);
  return { series: [...byKey.values()], problems, notes };
}

function namesakeNote(name: string, count: number): string {
  return `${count} series are called ${name} and the response does not distinguish them, so only the first is taken; remove alias(), or ask Graphite itself or through Grafana's proxy`;
}

/** The series on its grid and range, or why it cannot be used. */
function seriesOf(
  reply: ReplySeries,
  labels: Labels,
  query: SeriesQuery,
  range: TimeRange,
): { readonly series: Series; readonly note?: string } | string {
  const tidy = tidyTable(reply.times, [reply.values]);
  const points = { times: tidy.times, values: tidy.columns[0] };
  const found = stepOf(reply, points, query.stepMs);
  if (found === undefined) {
    return `${reply.name} came with ${points.times.length === 0 ? "no point" : "one point and no step is known"} in this range`;
  }
  const { ownMs, gridMs, changes } = found;
  if (query.stepMs !== undefined && ownMs > query.stepMs) {
    return `${reply.name} has a step of ${formatDuration(ownMs)} in this range, coarser than the ${formatDuration(query.stepMs)} wanted; its retention keeps no finer points of that age`;
  }
  // Nearly all replies are that already: copies of each would take longer than scoring what is new.
  const { startMs, values } = isOnGrid(points.times, gridMs)
    ? { startMs: points.times[0], values: points.values }
    : toGrid(points, gridMs);
  const whole: Series = { name: reply.name, labels, startMs, stepMs: gridMs, values };
  const series = cutTo(resample(whole, query.stepMs ?? ownMs), range);
  const notes = [
    ...changes.map(
      (change) =>
        `${reply.name} changes its step within the range: ${formatDuration(change.stepMs)} beside ${formatDuration(ownMs)}`,
    ),
    ...(tidy.conflicting === 0
      ? []
      : [`${reply.name} has ${tidy.conflicting} times with two different values; the later one is taken`]),
  ];
  return { series, note: notes[0] };
}

/** Whether every slot from the first on has one point, at its start. */
function isOnGrid(times: Float64Array, stepMs: number): boolean {
  if (times.length === 0 || times[0] % stepMs !== 0) return false;
  for (let i = 1; i < times.length; i++) if (times[i] - times[i - 1] !== stepMs) return false;
  return true;
}

/**
 * The step of the series itself and the one its points lie on. A server that evaluates at any step answers on the one asked
 * for; where the values are steadily further apart, that distance is the series' own step.
 */
function stepOf(
  reply: ReplySeries,
  points: { readonly times: Float64Array; readonly values: Float64Array },
  wantedMs: number | undefined,
): { readonly ownMs: number; readonly gridMs: number; readonly changes: readonly StepChange[] } | undefined {
  if (points.times.length === 0) return undefined;
  if (reply.stepMs !== undefined) {
    const steadyMs = steadyStep(points.times) ?? reply.stepMs;
    return { ownMs: Math.max(reply.stepMs, steadyMs), gridMs: reply.stepMs, changes: [] };
  }
  // Points of archives lie a step apart whether they hold a value or not, so the times alone are measured.
  const measured = measureStep({ times: points.times, values: new Float64Array(points.times.length) });
  const stepMs = measured.stepMs ?? wantedMs;
  return stepMs === undefined ? undefined : { ownMs: stepMs, gridMs: stepMs, changes: measured.changes };
}
