import type { SourceError } from "../../errors/errors.js";
import type { Labels, TimeRange } from "../../series/series.js";
import { assemble } from "../assemble.js";
import { askInBatches, type BatchOptions } from "../batches.js";
import type { ReplySeries } from "../reply-series.js";
import type { FetchProgress, FetchResult, SeriesQuery, Target } from "../source.js";
import { matchTemplate } from "../template.js";
import { answersOf, askedExpression } from "./asking.js";

/** What is asked of a Graphite, whatever way it goes there. */
export interface RenderRequest {
  /** In Graphite's language; each may give several series. */
  readonly expressions: readonly string[];
  readonly range: TimeRange;
  /** The step wanted, where one is. */
  readonly stepMs: number | undefined;
}

/** The way to a Graphite: `/render` itself, Grafana's proxy in front of it, or Grafana's own query API. */
export type RenderTransport = (request: RenderRequest) => Promise<readonly ReplySeries[]>;

/**
 * Series from a Graphite behind any transport: several targets a request, on the source's step or the one wanted, cut to
 * exactly the range.
 */
export async function fetchSeries(
  render: RenderTransport,
  query: SeriesQuery,
  range: TimeRange,
  batches: BatchOptions,
  onProgress?: (progress: FetchProgress) => void,
): Promise<FetchResult> {
  const answers = new Map<Target, readonly ReplySeries[]>();
  const failures = new Map<Target, SourceError>();
  const totalTargets = query.targets.length;
  const tell = () => onProgress?.({ doneTargets: answers.size + failures.size, totalTargets });
  // The last slot of the step wanted begins within the range and is fetched whole.
  const stepMs = query.stepMs ?? 1000;
  const whole = { startMs: range.startMs, endMs: Math.ceil(range.endMs / stepMs) * stepMs };
  await askInBatches(query.targets, batches, {
    ask: async (batch) => {
      const expressions = batch.map(askedExpression);
      const found = answersOf(batch, await render({ expressions, range: whole, stepMs: query.stepMs }));
      batch.forEach((target, i) => {
        answers.set(target, found[i]);
      });
      tell();
    },
    onFailure: (batch, error) => {
      for (const target of batch) failures.set(target, error);
      tell();
    },
  });
  const known = knownValues(query.targets);
  return assemble(
    query,
    range,
    { answers, failures },
    { server: "Graphite", labelsOf: (reply, target) => labelsOf(reply, target, query.template, known) },
  );
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
