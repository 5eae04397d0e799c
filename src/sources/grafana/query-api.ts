import type { CallOptions, Http } from "../../http/http.js";
import type { TimeRange } from "../../series/series.js";
import { measureStep } from "../../series/step.js";
import type { RenderRequest, RenderTransport } from "../graphite/fetch-series.js";
import { joinReplies } from "../join-replies.js";
import { joinUrl } from "../join-url.js";
import { pointsOf, type RangeTransport } from "../promql/range-request.js";
import { selectorOf } from "../promql/selector.js";
import type { ReplySeries } from "../reply-series.js";
import { decodeFrames, statusIn } from "./frames.js";

/** Grafana's own query API at one data source. */
export interface QueryApi {
  readonly http: Http;
  readonly url: string;
  readonly datasourceUid: string;
  readonly headers: () => CallOptions["headers"];
}

const REF_ID = "A";
/** Grafana up to version 10 lets Graphite average to 500 points, whatever is requested; newer ones pass on what is. */
const OLD_LIMIT = 500;
/** This many slots a request stay below that, and a little. */
const OLD_SAFE_SLOTS = 480;

async function query(
  { http, url, datasourceUid, headers }: QueryApi,
  range: TimeRange,
  model: Readonly<Record<string, unknown>>,
): Promise<ReplySeries[]> {
  const address = joinUrl(url, "api/ds/query");
  const body = {
    from: String(range.startMs),
    to: String(range.endMs),
    queries: [{ refId: REF_ID, datasource: { uid: datasourceUid }, ...model }],
  };
  const call = { headers: headers(), statusIn: (json: unknown) => statusIn(json, REF_ID) };
  return decodeFrames(await http.postJson(address, body, call), REF_ID, address);
}

/**
 * Graphite through `/api/ds/query`. All targets are one query, `group(…)`: older versions of Grafana answer only the
 * last of several queries for one Graphite. What comes back averaged to 500 points is requested again in shorter parts.
 */
export function graphiteByQuery(api: QueryApi): RenderTransport {
  const ask = ({ expressions, range }: RenderRequest) =>
    query(
      api,
      // `from` is exclusive in Graphite and `until` inclusive.
      { startMs: range.startMs - 1000, endMs: range.endMs - 1000 },
      {
        target: expressions.length === 1 ? expressions[0] : `group(${expressions.join(",")})`,
        textEditor: true,
        maxDataPoints: Math.ceil((range.endMs - range.startMs) / 1000),
        intervalMs: 1000,
      },
    );
  return async (request) => {
    const whole = await ask(request);
    const stepMs = await finerStep(whole, request, ask);
    if (stepMs === undefined) return whole;
    const parts: ReplySeries[] = [];
    for (let startMs = request.range.startMs; startMs < request.range.endMs; startMs += OLD_SAFE_SLOTS * stepMs) {
      const endMs = Math.min(request.range.endMs, startMs + OLD_SAFE_SLOTS * stepMs);
      parts.push(...(await ask({ ...request, range: { startMs, endMs } })));
    }
    return joinReplies(parts, ({ name }) => name);
  };
}

/** The step that the series really has, if what came was averaged to the limit of older versions. */
async function finerStep(
  replies: readonly ReplySeries[],
  request: RenderRequest,
  ask: (request: RenderRequest) => Promise<readonly ReplySeries[]>,
): Promise<number | undefined> {
  const longest = replies.reduce((most, { times }) => Math.max(most, times.length), 0);
  // Averaging to at most 500 points always leaves more than half of them.
  if (longest <= OLD_LIMIT / 2 || longest > OLD_LIMIT) return undefined;
  const { startMs, endMs } = request.range;
  const newest = await ask({ ...request, range: { startMs: endMs - (endMs - startMs) / 8, endMs } });
  const finest = (series: readonly ReplySeries[]) =>
    series.reduce((least, one) => Math.min(least, stepOf(one)), Number.POSITIVE_INFINITY);
  const [came, there] = [finest(replies), finest(newest)];
  return there < came ? there : undefined;
}

const stepOf = ({ times }: ReplySeries) =>
  measureStep({ times, values: new Float64Array(times.length) }).stepMs ?? Number.POSITIVE_INFINITY;

/** PromQL through `/api/ds/query`. `interval` is the least step, so Grafana takes exactly the one that is requested. */
export function promqlByQuery(api: QueryApi): RangeTransport {
  return async (request) => {
    const { expression, startMs, lastMs, stepMs } = request;
    const replies = await query(
      api,
      { startMs, endMs: lastMs },
      {
        expr: expression,
        range: true,
        instant: false,
        format: "time_series",
        interval: `${stepMs}ms`,
        intervalMs: stepMs,
        maxDataPoints: Math.max(OLD_LIMIT, pointsOf(request)),
      },
    );
    return replies.map((reply) => ({ ...reply, path: undefined, stepMs, name: selectorOf(reply.labels ?? {}) }));
  };
}
