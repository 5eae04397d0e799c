import type { SourceError } from "../../errors/errors.js";
import type { Form } from "../../http/http.js";
import { toGrid } from "../../series/grid.js";
import { resample } from "../../series/resample.js";
import { type Labels, type Series, seriesKey, type TimeRange } from "../../series/series.js";
import { slice } from "../../series/slice.js";
import { measureStep } from "../../series/step.js";
import { formatDuration } from "../../time/duration.js";
import type { FetchProgress, FetchResult, SeriesQuery, Target, TargetProblem } from "../source.js";
import { matchTemplate } from "../template.js";
import { answersOf, askedExpression } from "./asking.js";
import { askInBatches, type BatchOptions } from "./batches.js";
import { decodeReply, type ReplySeries } from "./reply.js";

/** Sends a form to Graphite's `/render`, by whatever way, and gives back its JSON. `place` names the server in errors. */
export interface RenderTransport {
  readonly place: string;
  readonly render: (form: Form) => Promise<unknown>;
}

/**
 * Series from a Graphite behind any transport: several targets a request, on the source's step or the one wanted, cut to
 * exactly the range.
 */
export async function fetchSeries(
  transport: RenderTransport,
  query: SeriesQuery,
  range: TimeRange,
  batches: BatchOptions,
  onProgress?: (progress: FetchProgress) => void,
): Promise<FetchResult> {
  const answers = new Map<Target, readonly ReplySeries[]>();
  const failures = new Map<Target, SourceError>();
  const totalTargets = query.targets.length;
  const tell = () => onProgress?.({ doneTargets: answers.size + failures.size, totalTargets });
  await askInBatches(
    query.targets,
    batches,
    async (batch) => {
      const reply = decodeReply(await transport.render(formOf(batch, range, query.stepMs ?? 1000)), transport.place);
      const found = answersOf(batch, reply);
      batch.forEach((target, i) => {
        answers.set(target, found[i]);
      });
      tell();
    },
    (batch, error) => {
      for (const target of batch) failures.set(target, error);
      tell();
    },
  );
  return assemble(query, range, answers, failures);
}

/**
 * `from` is exclusive in Graphite and `until` inclusive, so both are a second before what is meant. The last slot of the
 * step wanted begins within the range and is fetched whole.
 */
function formOf(batch: readonly Target[], range: TimeRange, stepMs: number): Form {
  const endMs = Math.ceil(range.endMs / stepMs) * stepMs;
  return [
    ...batch.map((target, i) => ["target", askedExpression(target, i)] as const),
    ["format", "json"],
    ["from", String(Math.floor(range.startMs / 1000) - 1)],
    ["until", String(Math.ceil(endMs / 1000) - 1)],
    ["tz", "UTC"],
  ];
}

function assemble(
  query: SeriesQuery,
  range: TimeRange,
  answers: ReadonlyMap<Target, readonly ReplySeries[]>,
  failures: ReadonlyMap<Target, SourceError>,
): FetchResult {
  const known = knownValues(query.targets);
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
    const replies = answers.get(target) ?? [];
    const reasons: string[] = [];
    let given = 0;
    for (const reply of replies) {
      const made = seriesOf(reply, target, query, range, known);
      if (typeof made === "string") {
        reasons.push(made);
        continue;
      }
      given++;
      infinite += reply.infinite;
      if (made.note !== undefined) notes.push(made.note);
      const key = seriesKey(made.series.labels);
      const other = byKey.get(key);
      if (other === undefined) byKey.set(key, made.series);
      else if (other.name !== made.series.name) {
        notes.push(
          `${made.series.name} has the same labels as ${other.name} (${key}) and is left out; a template that tells them apart takes both`,
        );
      }
    }
    if (given === 0) {
      const failed = reasons.length > 0;
      problems.push({
        target,
        kind: failed ? "failed" : "no_data",
        reason: failed ? reasons[0] : `Graphite has no data for ${target.expression} in this range, or no such metric`,
      });
    } else notes.push(...reasons);
  }
  if (infinite > 0) notes.push(`${infinite} infinite values are taken as missing`);
  return { series: [...byKey.values()], problems, notes };
}

/** The series on its grid and range, or why it cannot be used. */
function seriesOf(
  reply: ReplySeries,
  target: Target,
  query: SeriesQuery,
  range: TimeRange,
  known: Readonly<Record<string, readonly string[]>>,
): { readonly series: Series; readonly note?: string } | string {
  const { times, values } = reply;
  // Graphite's points lie a step apart whether they hold a value or not, so the times alone are measured.
  const measured = measureStep({ times, values: new Float64Array(times.length) });
  const stepMs = measured.stepMs ?? query.stepMs;
  if (times.length === 0 || stepMs === undefined) {
    return `${reply.name} came with ${times.length === 0 ? "no point" : "one point and no step is known"} in this range`;
  }
  if (query.stepMs !== undefined && stepMs > query.stepMs) {
    return `${reply.name} has a step of ${formatDuration(stepMs)} in this range, coarser than the ${formatDuration(query.stepMs)} wanted; its retention keeps no finer points of that age`;
  }
  const { labels, note } = labelsOf(reply, target, query.template, known);
  const { startMs, values: gridded } = toGrid({ times, values }, stepMs);
  const whole: Series = { name: reply.name, labels, startMs, stepMs, values: gridded };
  const series = slice(query.stepMs === undefined ? whole : resample(whole, query.stepMs), range);
  const [change] = measured.changes;
  const mixed =
    change === undefined
      ? undefined
      : `${reply.name} changes its step within the range: ${formatDuration(change.stepMs)} beside ${formatDuration(stepMs)}`;
  return { series, note: note ?? mixed };
}

/** Labels of the target, completed by those read from the name, then from the path under the functions. */
function labelsOf(
  reply: ReplySeries,
  target: Target,
  template: string | undefined,
  known: Readonly<Record<string, readonly string[]>>,
) {
  let read: Labels | undefined;
  if (template !== undefined) {
    read = matchTemplate(template, reply.name, known);
    if (read === undefined && reply.path !== undefined) read = matchTemplate(template, reply.path, known);
  }
  const labels = { ...read, ...target.labels };
  const note =
    template !== undefined && read === undefined && labels.machine === undefined
      ? `${reply.name} does not fit the template ${template}, so its name is taken as the machine`
      : undefined;
  return {
    labels: { ...labels, machine: labels.machine ?? reply.name, aggregator: labels.aggregator ?? "value" },
    note,
  };
}

function knownValues(targets: readonly Target[]): Record<string, string[]> {
  const known: Record<string, Set<string>> = {};
  for (const { labels } of targets) {
    for (const [name, value] of Object.entries(labels)) {
      known[name] ??= new Set();
      known[name].add(value);
    }
  }
  return Object.fromEntries(Object.entries(known).map(([name, values]) => [name, [...values]]));
}
