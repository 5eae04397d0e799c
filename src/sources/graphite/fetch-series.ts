import type { SourceError } from "../../errors/errors.js";
import type { Labels, TimeRange } from "../../series/series.js";
import { HOUR_MS, MINUTE_MS } from "../../time/duration.js";
import { assemble } from "../assemble.js";
import { askInBatches } from "../batches.js";
import { joinReplies } from "../join-replies.js";
import type { ReplySeries } from "../reply-series.js";
import type { FetchProgress, FetchResult, SeriesQuery, Target } from "../source.js";
import { matchPath, matchTags, matchTemplate } from "../template.js";
import { answersOf, askedExpression, identityOf } from "./asking.js";
import { mergePaths } from "./merge-paths.js";

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

/** A target in a part of the time; the whole of it until one answer turns out to be too much. */
interface Part {
  readonly target: Target;
  readonly range: TimeRange;
}

const POINTS_PER_REQUEST = 300_000;
const LEAST_TARGETS = 20;
const MOST_TARGETS = 1000;

/** Less than two hours are not split any more: its length is not what is wrong. */
const LEAST_PART_MS = HOUR_MS;

/**
 * Series from a Graphite behind any transport: several targets a request, on the source's step or the one wanted, cut to
 * exactly the range.
 */
export async function fetchSeries(
  render: RenderTransport,
  query: SeriesQuery,
  range: TimeRange,
  batches: { readonly size: number | undefined; readonly concurrency: number },
  onProgress?: (progress: FetchProgress) => void,
): Promise<FetchResult> {
  const parts = new Map<Target, ReplySeries[]>(query.targets.map((target) => [target, []]));
  const failures = new Map<Target, SourceError>();
  // The last slot of the step wanted begins within the range and is fetched whole.
  const stepMs = query.stepMs ?? 1000;
  const whole = { startMs: range.startMs, endMs: Math.ceil(range.endMs / stepMs) * stepMs };
  const items = query.targets.map((target): Part => ({ target, range: whole }));
  let doneMs = 0;
  const tell = (batch: readonly Part[]) => {
    doneMs += batch.reduce((sum, part) => sum + part.range.endMs - part.range.startMs, 0);
    const doneTargets = doneMs / Math.max(1, whole.endMs - whole.startMs);
    onProgress?.({ doneTargets, totalTargets: query.targets.length });
  };
  await askInBatches(
    items,
    { ...batches, size: batches.size ?? sizeFor(whole, query.stepMs) },
    {
      ask: async (batch) => {
        // Only an item that was split has a time of its own, and such items go alone.
        const targets = batch.map(({ target }) => target);
        const request = {
          expressions: mergePaths(targets.map(askedExpression)),
          range: batch[0].range,
          stepMs: query.stepMs,
        };
        const found = answersOf(targets, await render(request));
        targets.forEach((target, i) => {
          parts.get(target)?.push(...found[i]);
        });
        tell(batch);
      },
      onFailure: (batch, error) => {
        for (const { target } of batch) failures.set(target, error);
        tell(batch);
      },
      splitItem: ({ target, range: time }, pieces) =>
        inPieces(time, stepMs, pieces).map((piece) => ({ target, range: piece })),
    },
  );
  const answers = new Map(query.targets.map((target) => [target, joined(parts.get(target) ?? [])]));
  const known = knownValues(query.targets);
  return assemble(
    query,
    range,
    { answers, failures },
    { server: "Graphite", labelsOf: (reply, target) => labelsOf(reply, target, query.template, known) },
  );
}

/** As many targets as give an answer of about 300,000 points, some 6 MB: each request costs Graphite 10 ms beside its series. */
function sizeFor({ startMs, endMs }: TimeRange, stepMs = MINUTE_MS): number {
  const points = Math.max(1, (endMs - startMs) / stepMs);
  return Math.round(Math.min(MOST_TARGETS, Math.max(LEAST_TARGETS, POINTS_PER_REQUEST / points)));
}

const joined = (parts: readonly ReplySeries[]) => joinReplies(parts, identityOf);

/** This many pieces on the grid, or as many as have an hour each; none where the time is short enough. */
function inPieces({ startMs, endMs }: TimeRange, stepMs: number, most: number): TimeRange[] {
  const count = Math.min(most, Math.floor((endMs - startMs) / LEAST_PART_MS));
  const pieceMs = Math.ceil((endMs - startMs) / Math.max(1, count) / stepMs) * stepMs;
  if (count < 2 || pieceMs >= endMs - startMs) return [];
  const pieces: TimeRange[] = [];
  for (let fromMs = startMs; fromMs < endMs; ) {
    const untilMs = Math.min(endMs, Math.ceil((fromMs + pieceMs) / stepMs) * stepMs);
    pieces.push({ startMs: fromMs, endMs: untilMs });
    fromMs = untilMs;
  }
  return pieces;
}

/** Labels of the target, completed by those read from the path under the functions, then from the name. */
function labelsOf(
  reply: ReplySeries,
  target: Target,
  template: string | undefined,
  known: Readonly<Record<string, readonly string[]>>,
) {
  let read: Labels | undefined;
  if (template !== undefined) {
    // The name may be anything that a function made of it, such as the same text for all, or nodes in another order.
    read = matchTags(template, reply.labels ?? {});
    if (read === undefined && reply.path !== undefined) read = matchPath(template, reply.path);
    read ??= matchTemplate(template, reply.name, known);
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
