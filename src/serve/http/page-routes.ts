import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { AnomalyError } from "../../errors/errors.js";
import type { AnomalyRecord } from "../../records/record.js";
import type { SeriesPoints } from "../../runs/find-anomalies.js";
import { seriesKey } from "../../series/series.js";
import { HOUR_MS, SECOND_MS } from "../../time/duration.js";
import { count } from "../../wording/count.js";
import { roughDuration } from "../../wording/rough-duration.js";
import { openAnswerLane } from "../answer-lane.js";
import type { Question } from "../answer-worker.js";
import type { Findings, JobFindings } from "../findings.js";
import type { JobLine, PageAnswer, PageOrder } from "../pages/page-order.js";
import type { Replays } from "../promql/evaluate.js";
import type { ServedJob } from "../run/order.js";
import { isVerdict, type Verdicts } from "../store/verdicts.js";
import { Refusal } from "./guard.js";

export interface PageRoutesOptions {
  readonly findings: Findings;
  readonly replays: Replays;
  readonly verdicts: Verdicts;
  readonly jobs: () => readonly ServedJob[];
  readonly nowMs: () => number;
  /** Whether a caller may give verdicts. */
  readonly mayWrite: (request: FastifyRequest) => boolean;
}

/** Pages load their script and style from here and nothing from anywhere else; nobody may put them into a frame. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/** What a chart shows before and after an episode. */
const AROUND_MS = 12 * HOUR_MS;
/** An episode of weeks is shown by its newest part. */
const LONGEST_CHART_MS = 7 * 24 * HOUR_MS;
/** A line that says nothing, so that nobody between takes the stream for dead. */
const HEARTBEAT_MS = 15 * SECOND_MS;
const MOST_STREAMS = 100;
const MOST_DAYS = 90;
/** Hours before which the same curve is drawn for comparison. */
const LAGS_H = [24, 72] as const;

/** The pages for people, their pictures, and the stream that keeps them up to date. */
export function addPageRoutes(
  app: FastifyInstance,
  options: PageRoutesOptions,
): { readonly close: () => Promise<void> } {
  const { findings, jobs, nowMs, verdicts } = options;
  const lane = openAnswerLane();
  const make = async (order: PageOrder): Promise<PageAnswer> => {
    try {
      return await lane.do<Question, PageAnswer>({ kind: "page", order });
    } catch (thrown) {
      if (thrown instanceof AnomalyError) throw new Refusal(502, "upstream", thrown.message);
      throw thrown;
    }
  };
  const find = (
    id: string,
  ): { readonly served: ServedJob; readonly job: JobFindings; readonly record: AnomalyRecord } => {
    for (const served of jobs()) {
      const job = findings.get(served.job.name);
      for (const record of job?.records() ?? [])
        if (job !== undefined && record.id === id) return { served, job, record };
    }
    throw new Refusal(
      404,
      "not_found",
      `there is no episode ${id.slice(0, 100)}; closed ones are dropped after a while`,
    );
  };

  app.get("/", async (request, reply) => {
    const { days = "1" } = request.query as { days?: string };
    const period = Number(days);
    if (!(Number.isInteger(period) && period >= 1 && period <= MOST_DAYS)) {
      throw new Refusal(400, "bad_data", `days needs a whole number from 1 to ${MOST_DAYS}`);
    }
    const health = findings.all().map((job) => lineOf(job, nowMs()));
    return page(reply, await make({ kind: "front", jobs: jobs(), days: period, nowMs: nowMs(), health }));
  });

  app.get("/episodes/:id", async (request, reply) => {
    const { id } = request.params as { id: string };
    const [, name, format] = /^(.*)\.(png|svg)$/.exec(id) ?? [];
    if (format === "png" || format === "svg") {
      const { served, record } = find(name);
      const picture = await make({ kind: "picture", served, record, format });
      void reply.header("content-type", format === "png" ? "image/png" : "image/svg+xml; charset=utf-8");
      // A picture of its own may hold styles; it runs nothing and loads nothing.
      void reply.header("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'");
      return reply.send(typeof picture === "string" ? picture : Buffer.from(picture));
    }
    const { served, job, record } = find(id);
    const key = seriesKey(record.labels);
    const earlier = [...job.records()]
      .filter((one) => one.id !== id && seriesKey(one.labels) === key)
      .sort((a, b) => (a.start < b.start ? 1 : -1));
    const verdict = await verdicts.of(id);
    const mayWrite = options.mayWrite(request);
    return page(reply, await make({ kind: "episode", served, record, earlier, nowMs: nowMs(), mayWrite, verdict }));
  });

  app.post("/episodes/:id/verdict", async (request, reply) => {
    refuseOtherSites(request);
    const { id } = request.params as { id: string };
    const { served, record } = find(id);
    const verdict = request.body instanceof URLSearchParams ? request.body.get("verdict") : undefined;
    if (!isVerdict(verdict)) throw new Refusal(400, "bad_data", "verdict needs true, false or expected");
    await verdicts.give(record.id, served.job.name, verdict, nowMs());
    return reply.redirect(`/episodes/${encodeURIComponent(id)}`, 303);
  });

  app.get("/api/v1/episodes/:id/points", async (request) => {
    const { id } = request.params as { id: string };
    const { served, record } = find(id);
    const endMs = Date.parse(record.end) + AROUND_MS;
    const startMs = Math.max(Date.parse(record.start) - AROUND_MS, endMs - LONGEST_CHART_MS);
    const { series: name, machine, aggregator, labels } = record;
    const [points] = await options.replays.ofSeries(served.job.name, [{ name, machine, aggregator, labels }], {
      // As far back as the longest lag that is drawn.
      startMs: startMs - LAGS_H[LAGS_H.length - 1] * HOUR_MS,
      endMs,
    });
    if (points === undefined) {
      throw new Refusal(404, "not_found", "the source no longer has the values of this episode");
    }
    return { data: { unit: record.unit ?? null, ...chartOf(points, startMs) } };
  });

  // Browsers ask for it on their own.
  app.get("/favicon.ico", async (_request, reply) => reply.code(204).send());

  let streams = 0;
  app.get("/api/v1/stream", (request, reply) => {
    if (streams >= MOST_STREAMS)
      throw new Refusal(429, "too_many_requests", `more than ${MOST_STREAMS} pages are open`, 30);
    streams++;
    reply.hijack();
    reply.raw.writeHead(200, {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    });
    reply.raw.write("retry: 5000\n\n");
    const stop = findings.listen((job) => reply.raw.write(`event: run\ndata: ${JSON.stringify({ job })}\n\n`));
    const beat = setInterval(() => reply.raw.write(": \n\n"), HEARTBEAT_MS);
    request.raw.once("close", () => {
      streams--;
      stop();
      clearInterval(beat);
    });
  });

  for (const [name, type] of [
    ["client.js", "text/javascript; charset=utf-8"],
    ["client.css", "text/css; charset=utf-8"],
  ] as const) {
    const content = readFile(fileURLToPath(new URL(`./${name}`, import.meta.url))).catch(() => undefined);
    app.get(`/assets/${name}`, async (_request, reply) => {
      const bytes = await content;
      if (bytes === undefined) throw new Refusal(404, "not_found", `${name} was not built; run npm run build`);
      void reply.header("content-type", type).header("cache-control", "max-age=3600");
      return reply.send(bytes);
    });
  }
  return { close: () => lane.close() };
}

/** The figures of a chart from a moment on, with the values of the days before; null is a slot without one. */
function chartOf(points: SeriesPoints, fromMs: number) {
  const { startMs, stepMs } = points;
  const first = Math.max(0, Math.ceil((fromMs - startMs) / stepMs));
  const figures = (of: ArrayLike<number>) => Array.from(of, (value) => (Number.isFinite(value) ? value : null));
  const shown = (of: Float64Array) => figures(of.subarray(first));
  const lag = (hours: number) => {
    const slots = Math.round((hours * HOUR_MS) / stepMs);
    return figures(points.observed.subarray(first).map((_, i) => points.observed[first + i - slots] ?? Number.NaN));
  };
  return {
    start: Math.round((startMs + first * stepMs) / SECOND_MS),
    step_s: stepMs / SECOND_MS,
    observed: shown(points.observed),
    expected: shown(points.expected),
    lower: shown(points.lower),
    upper: shown(points.upper),
    score: shown(points.score),
    ...Object.fromEntries(LAGS_H.map((hours) => [`lag_${hours}h`, lag(hours)])),
  };
}

function page(reply: FastifyReply, content: PageAnswer): FastifyReply {
  void reply.header("content-type", "text/html; charset=utf-8").header("content-security-policy", POLICY);
  return reply.send(content);
}

/** A form of another site could press our buttons for whoever has this page open. */
function refuseOtherSites({ headers }: FastifyRequest): void {
  const site = headers["sec-fetch-site"];
  const origin = headers.origin;
  const isOwn =
    site === undefined
      ? origin === undefined || (URL.canParse(origin) && new URL(origin).host === headers.host)
      : site === "same-origin" || site === "none";
  if (!isOwn) throw new Refusal(403, "forbidden", "verdicts are taken from this server's own pages only");
}

function lineOf({ name, health, seriesCount }: JobFindings, nowMs: number): JobLine {
  if (health.endedMs === null) return { name, words: "first run under way", isFailed: false };
  const ago = roughDuration(Math.max(1, (nowMs - health.endedMs) / 1000));
  return health.failure === null
    ? { name, words: `ran ${ago} ago, ${count(seriesCount, "series")}`, isFailed: false }
    : { name, words: `failed ${ago} ago: ${health.failure}`, isFailed: true };
}
