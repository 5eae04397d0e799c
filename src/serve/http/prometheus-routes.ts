import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { breathe } from "../../threads/breathe.js";
import { parseDuration } from "../../time/duration.js";
import { metricHelp } from "../exposition/findings-text.js";
import { numberText } from "../exposition/text.js";
import { type EvaluateContext, evaluate, namesOf, published, type Vector } from "../promql/evaluate.js";
import { type LabelSet, matching } from "../promql/matching.js";
import { parseQuery, parseSelector } from "../promql/parse.js";
import type { Grid } from "../promql/samples.js";
import { Refusal } from "./guard.js";

/** Points of one series in one answer: Prometheus's own limit. */
const MOST_POINTS = 11_000;
/** Series in one answer. */
const MOST_SERIES = 10_000;
/** Values that are written before others are heard. */
const VALUES_A_PIECE = 5_000;

/** The version of Prometheus whose API this is modelled on; clients decide by it what they may ask. */
const VERSION = "2.42.0";

type Parameters = URLSearchParams;

/**
 * The read API of Prometheus, as far as Grafana's data source and promtool use it: our own metrics, and query-time detection.
 * https://prometheus.io/docs/prometheus/latest/querying/api/
 */
export function addPrometheusRoutes(app: FastifyInstance, context: EvaluateContext): void {
  const both = (
    path: string,
    answer: (parameters: Parameters, request: FastifyRequest, reply: FastifyReply) => unknown,
  ) => {
    const handle = (request: FastifyRequest, reply: FastifyReply) => answer(parametersOf(request), request, reply);
    app.get(path, handle);
    app.post(path, { config: { reads: true } }, handle);
  };
  both("/api/v1/query", async (parameters, _, reply) => {
    const atS = optionalTime(parameters, "time") ?? context.nowMs() / 1000;
    const answer = await evaluate(
      parseQuery(needed(parameters, "query")),
      { startS: atS, stepS: 0, count: 1 },
      context,
    );
    if (answer.kind === "scalar") return success({ resultType: "scalar", result: [atS, numberText(answer.value)] });
    return streamed(reply, "vector", answer.vectors, (vector) => [`"value":${sample(atS, vector.values[0])}`]);
  });
  both("/api/v1/query_range", async (parameters, _, reply) => {
    const grid = gridOf(parameters);
    const answer = await evaluate(parseQuery(needed(parameters, "query")), grid, context);
    const vectors =
      answer.kind === "scalar"
        ? [{ labels: new Map<string, string>(), values: new Float64Array(grid.count).fill(answer.value) }]
        : answer.vectors;
    return streamed(reply, "matrix", vectors, (vector) => rangeText(vector, grid));
  });
  both("/api/v1/labels", (parameters) =>
    success(
      limited(
        [...new Set(selected(parameters, context).flatMap(({ labels }) => [...labels.keys()]))].sort(),
        parameters,
      ),
    ),
  );
  app.get("/api/v1/label/:name/values", (request) => {
    const parameters = parametersOf(request);
    const { name } = request.params as { name: string };
    const values = selected(parameters, context).flatMap(({ labels }) => labels.get(name) ?? []);
    return success(limited([...new Set(values)].sort(), parameters));
  });
  app.post("/api/v1/series", { config: { reads: true } }, (request) => seriesOf(parametersOf(request), context));
  app.get("/api/v1/metadata", () =>
    success(
      Object.fromEntries(
        Object.entries(metricHelp()).map(([name, help]) => [name, [{ type: "gauge", help, unit: "" }]]),
      ),
    ),
  );
  both("/api/v1/query_exemplars", () => success([]));
  app.get("/api/v1/rules", () => success({ groups: [] }));
  app.get("/api/v1/alerts", () => success({ alerts: [] }));
  app.get("/api/v1/status/buildinfo", () =>
    success({ version: VERSION, revision: "", branch: "", buildUser: "", buildDate: "", goVersion: "" }),
  );
}

/** `GET /api/v1/series` with `match[]` is Prometheus's. */
export function seriesOf(parameters: Parameters, context: EvaluateContext) {
  if (parameters.getAll("match[]").length === 0) throw bad("no match[] parameter provided");
  return success(
    limited(
      selected(parameters, context).map(({ labels }) => Object.fromEntries(labels)),
      parameters,
    ),
  );
}

/** Of a GET from the address, of a form from its body; what is in both counts once for each. */
export function parametersOf({ url, body }: Pick<FastifyRequest, "url" | "body">): Parameters {
  const parameters = new URLSearchParams(url.split("?")[1] ?? "");
  if (body instanceof URLSearchParams) for (const [name, value] of body) parameters.append(name, value);
  return parameters;
}

const success = (data: unknown) => ({ status: "success", data });

function selected(parameters: Parameters, { findings }: EvaluateContext): readonly { readonly labels: LabelSet }[] {
  const selectors = parameters.getAll("match[]");
  if (selectors.length === 0) return published(findings);
  const found = selectors.flatMap((text) => {
    const matchers = parseSelector(text);
    return matching(published(findings, namesOf(matchers)), matchers);
  });
  const distinct = new Map(found.map((one) => [JSON.stringify([...one.labels]), one]));
  return [...distinct.values()];
}

function limited<T>(all: readonly T[], parameters: Parameters): readonly T[] {
  const limit = Number(parameters.get("limit") ?? 0);
  if (!Number.isInteger(limit) || limit < 0)
    throw bad(`limit got "${parameters.get("limit")}" and needs a whole number`);
  return limit === 0 ? all : all.slice(0, limit);
}

function gridOf(parameters: Parameters): Grid {
  const startS = timeOf(needed(parameters, "start"), "start");
  const endS = timeOf(needed(parameters, "end"), "end");
  const stepS = stepOf(needed(parameters, "step"));
  if (endS < startS) throw bad("end timestamp must not be before start time");
  const count = Math.floor((endS - startS) / stepS) + 1;
  if (count > MOST_POINTS) {
    throw bad(
      `exceeded maximum resolution of ${MOST_POINTS} points per timeseries. Try decreasing the query resolution (?step=XX)`,
    );
  }
  return { startS, stepS, count };
}

function needed(parameters: Parameters, name: string): string {
  const value = parameters.get(name);
  if (value === null || value === "") throw bad(`the parameter ${name} is missing`);
  return value;
}

function optionalTime(parameters: Parameters, name: string): number | undefined {
  const text = parameters.get(name);
  return text === null || text === "" ? undefined : timeOf(text, name);
}

/** Seconds since 1970, or RFC 3339. */
function timeOf(text: string, name: string): number {
  const value = /^[-+]?[\d.]+(e[-+]?\d+)?$/i.test(text) ? Number(text) : Date.parse(text) / 1000;
  if (!Number.isFinite(value) || Math.abs(value) > 8.64e12)
    throw bad(`${name} got "${text}" and needs seconds since 1970 or RFC 3339`);
  return value;
}

/** Seconds, or a duration such as 5m. */
function stepOf(text: string): number {
  let value = Number(text);
  if (Number.isNaN(value)) {
    try {
      value = parseDuration(text) / 1000;
    } catch {
      throw bad(`step got "${text}" and needs seconds or a duration such as 30s`);
    }
  }
  if (!(value > 0 && Number.isFinite(value)))
    throw bad("zero or negative query resolution step widths are not accepted. Try a positive integer");
  return value;
}

function sample(atS: number, value: number): string {
  return `[${atS},"${numberText(value)}"]`;
}

function* rangeText({ values }: Vector, { startS, stepS }: Grid): Generator<string> {
  let text = '"values":[';
  let written = 0;
  for (let i = 0; i < values.length; i++) {
    if (values[i] !== values[i]) continue;
    // Milliseconds, as Prometheus rounds.
    const atS = Math.round((startS + i * stepS) * 1000) / 1000;
    text += `${written++ === 0 ? "" : ","}${sample(atS, values[i])}`;
    if (written % VALUES_A_PIECE === 0) {
      yield text;
      text = "";
    }
  }
  yield `${text}]`;
}

/** A long answer is written in pieces, between which others are heard. */
function streamed(
  reply: FastifyReply,
  resultType: "vector" | "matrix",
  vectors: readonly Vector[],
  body: (vector: Vector) => Iterable<string>,
): FastifyReply {
  if (vectors.length > MOST_SERIES) {
    throw new Refusal(
      422,
      "execution",
      `the answer has ${vectors.length} series, up to ${MOST_SERIES} are given; narrow the selector`,
    );
  }
  async function* pieces(): AsyncGenerator<string> {
    let waiting = `{"status":"success","data":{"resultType":"${resultType}","result":[`;
    for (const [i, vector] of vectors.entries()) {
      waiting += `${i === 0 ? "" : ","}{"metric":${JSON.stringify(Object.fromEntries(vector.labels))},`;
      for (const piece of body(vector)) {
        waiting += piece;
        if (waiting.length < 65_536) continue;
        yield waiting;
        waiting = "";
        await breathe();
      }
      waiting += "}";
    }
    yield `${waiting}]}}`;
  }
  void reply.header("content-type", "application/json");
  return reply.send(Readable.from(pieces(), { objectMode: false }));
}

function bad(message: string): Refusal {
  return new Refusal(400, "bad_data", message);
}
