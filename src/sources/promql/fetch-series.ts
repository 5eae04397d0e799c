import type { SourceError } from "../../errors/errors.js";
import { type Labels, seriesKey, type TimeRange } from "../../series/series.js";
import { assemble } from "../assemble.js";
import { askInBatches } from "../batches.js";
import { joinReplies } from "../join-replies.js";
import type { ReplySeries } from "../reply-series.js";
import type { FetchProgress, FetchResult, SeriesQuery, Target } from "../source.js";
import { type AskedExpression, plan } from "./expression.js";
import { readLabels } from "./labels.js";
import { inChunks, pointsOf, type RangeRequest, type RangeTransport } from "./range-request.js";
import { selectorOf } from "./selector.js";

export interface PromqlFetching {
  /** `Prometheus`, for messages. */
  readonly server: string;
  /** Evaluations a series and request that the server allows. */
  readonly maxPoints: number;
  readonly concurrency: number;
  readonly renamed: Labels;
}

/** A part of an expression's time. */
interface Part {
  readonly expression: string;
  readonly request: RangeRequest;
}

/** Shorter than this a request is not split any more: its length is not what is wrong. */
const LEAST_POINTS = 120;

/** Series of PromQL expressions, each fetched once in parts that the server allows; cut to exactly the range. */
export async function fetchSeries(
  ask: RangeTransport,
  query: SeriesQuery,
  range: TimeRange,
  fetching: PromqlFetching,
  onProgress?: (progress: FetchProgress) => void,
): Promise<FetchResult> {
  const expressions = [...new Set(query.targets.map(({ expression }) => expression))];
  const asked = new Map<string, AskedExpression>();
  const parts = new Map<string, ReplySeries[]>(expressions.map((expression) => [expression, []]));
  const failed = new Map<string, SourceError>();
  await askInBatches(
    expressions,
    { size: 1, concurrency: fetching.concurrency },
    {
      ask: async ([expression]) => {
        asked.set(expression, await plan(ask, expression, range, query.stepMs));
      },
      onFailure: ([expression], error) => failed.set(expression, error),
    },
  );
  const items = [...asked].flatMap(([expression, { asked: text, stepMs }]): Part[] => {
    // Slots of the step wanted are fetched whole.
    const wholeMs = query.stepMs ?? stepMs;
    const startMs = Math.ceil(range.startMs / wholeMs) * wholeMs;
    const lastMs = Math.ceil(range.endMs / wholeMs) * wholeMs - stepMs;
    const whole = { expression: text, startMs, lastMs, stepMs };
    return inChunks(whole, fetching.maxPoints).map((request) => ({ expression, request }));
  });
  const totalPoints = items.reduce((sum, { request }) => sum + pointsOf(request), 0);
  let done = 0;
  const tell = (points: number) => {
    done += points;
    const doneTargets = (query.targets.length * done) / totalPoints;
    onProgress?.({ doneTargets, totalTargets: query.targets.length });
  };
  await askInBatches(
    items,
    { size: 1, concurrency: fetching.concurrency },
    {
      ask: async ([{ expression, request }]) => {
        // A part that is missing is not mended by the others.
        if (!failed.has(expression)) {
          const replies = await ask(request);
          parts.get(expression)?.push(...replies.map((reply) => withMetric(reply, asked.get(expression)?.metric)));
        }
        tell(pointsOf(request));
      },
      onFailure: (batch, error) => {
        for (const { expression, request } of batch) {
          failed.set(expression, error);
          tell(pointsOf(request));
        }
      },
      splitItem: ({ expression, request }, pieces) =>
        pointsOf(request) <= LEAST_POINTS
          ? undefined
          : inChunks(request, Math.ceil(pointsOf(request) / pieces)).map((piece) => ({ expression, request: piece })),
    },
  );
  return assemble(query, range, answered(query.targets, parts, failed), {
    server: fetching.server,
    labelsOf: readLabels(fetching.renamed),
  });
}

/** What was named before, by the labels that came: the replies of a process that lives on share them. */
const WITH_METRIC = new WeakMap<Labels, { readonly metric: string } & Pick<ReplySeries, "name" | "labels">>();

/** The metric's name is put back where the function that was sent has dropped it. */
function withMetric(reply: ReplySeries, metric: string | undefined): ReplySeries {
  if (metric === undefined) return reply;
  const { labels: own = {} } = reply;
  const known = WITH_METRIC.get(own);
  if (known?.metric === metric) return { ...reply, name: known.name, labels: known.labels };
  const labels = { __name__: metric, ...own };
  const name = selectorOf(labels);
  WITH_METRIC.set(own, { metric, name, labels });
  return { ...reply, labels, name };
}

function answered(
  targets: readonly Target[],
  parts: ReadonlyMap<string, readonly ReplySeries[]>,
  failed: ReadonlyMap<string, SourceError>,
) {
  const answers = new Map<Target, readonly ReplySeries[]>();
  const failures = new Map<Target, SourceError>();
  const joined = new Map([...parts].map(([expression, replies]) => [expression, joinParts(replies, expression)]));
  for (const target of targets) {
    const failure = failed.get(target.expression);
    if (failure === undefined) answers.set(target, joined.get(target.expression) ?? []);
    else failures.set(target, failure);
  }
  return { answers, failures };
}

/** The parts of each series in one, in the order of the series' labels. */
function joinParts(replies: readonly ReplySeries[], expression: string): ReplySeries[] {
  const keyOf = ({ labels }: ReplySeries) => seriesKey(labels ?? {});
  return joinReplies(replies, keyOf)
    .map((reply) => ({ reply, key: keyOf(reply) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ reply, key }) =>
      // What sums up everything has no labels left; its expression is what it is called.
      key === "" ? { ...reply, name: expression } : reply,
    );
}
