import { createHash } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import { findIncidents } from "../../incidents/incidents.js";
import type { AnomalyRecord, Severity } from "../../records/record.js";
import { seriesKey } from "../../series/series.js";
import { formatUtc } from "../../time/format.js";
import type { Findings, JobFindings } from "../findings.js";
import type { SeriesNow } from "../run/series-now.js";
import { EPISODE_QUERY, INCIDENT_QUERY, NO_QUERY, readQuery, SERIES_QUERY } from "./api-queries.js";
import { Refusal } from "./guard.js";

const RANK: Readonly<Record<Severity, number>> = { low: 0, medium: 1, high: 2, critical: 3 };

/** One route of the API: what the OpenAPI document says of it, and what answers. */
export interface ApiRoute {
  readonly path: string;
  readonly summary: string;
  readonly query: z.ZodObject;
  /** What the answer depends on beside the findings: a part of its ETag. */
  readonly state?: () => string;
  readonly answer: (query: Record<string, never>, params: Readonly<Record<string, string>>) => unknown;
}

/** The JSON API: all of it reads what the newest runs have found. */
export function apiRoutes(findings: Findings): readonly ApiRoute[] {
  const route = <Q extends z.ZodObject>(
    path: string,
    summary: string,
    query: Q,
    answer: (query: z.infer<Q>, params: Readonly<Record<string, string>>) => unknown,
  ): ApiRoute => ({ path, summary, query, answer: answer as ApiRoute["answer"] });
  const jobs = (name?: string): readonly JobFindings[] => {
    if (name === undefined) return findings.all();
    const job = findings.get(name);
    if (job === undefined) {
      const there = findings.all().map((one) => one.name);
      throw new Refusal(404, "not_found", `there is no job "${name}"; there are ${there.join(", ")}`);
    }
    return [job];
  };
  const records = (name?: string) => jobs(name).flatMap((job) => [...job.records()]);
  return [
    route("/api/v1/episodes", "Episodes, newest first", EPISODE_QUERY, ({ job, limit, after, ...wanted }) => {
      const keyOf = ({ start, id }: AnomalyRecord) => `${start} ${id}`;
      const newestFirst = (a: string, b: string) => compare(b, a);
      const found = records(job)
        .filter((record) => isWanted(record, wanted))
        .sort((a, b) => newestFirst(keyOf(a), keyOf(b)));
      return page(found, keyOf, newestFirst, limit, after);
    }),
    route("/api/v1/episodes/:id", "One episode", NO_QUERY, (_, { id }) => {
      const record = records().find((one) => one.id === id);
      if (record === undefined) throw new Refusal(404, "not_found", `there is no episode ${id.slice(0, 100)}`);
      return { data: record };
    }),
    route("/api/v1/incidents", "Episodes that began together", INCIDENT_QUERY, ({ job, since, until }) => {
      const { fleet, machines } = findIncidents(records(job).filter((record) => isWanted(record, { since, until })));
      return { data: { fleet, machines } };
    }),
    route("/api/v1/series", "What is known of each series now", SERIES_QUERY, ({ job, limit, after, ...wanted }) => {
      const found = jobs(job)
        .flatMap((one) => [...one.series()].map((now) => ({ job: one.name, key: seriesKey(now.labels), now })))
        .filter(({ now }) => isMeant(now, wanted))
        .sort((a, b) => compare(a.job, b.job) || compare(a.key, b.key));
      const keyOf = ({ job: name, key }: (typeof found)[number]) =>
        createHash("sha256").update(`${name}\n${key}`).digest("base64url").slice(0, 22);
      // Keys are longer than an address may be, so a page ends with a hash of the last one.
      const start = after === undefined ? 0 : found.findIndex((one) => keyOf(one) === after) + 1;
      const shown = found.slice(start, start + limit);
      const last = shown.at(-1);
      return {
        data: shown.map(({ job: name, now }) => seriesJson(name, now)),
        next: last === undefined || start + limit >= found.length ? null : keyOf(last),
        total: found.length,
      };
    }),
    route("/api/v1/runs", "How the newest run of each job went", NO_QUERY, () => ({
      data: findings.all().map(runJson),
    })),
  ];
}

/** Puts the routes into the server, each with an ETag over all that its jobs know. */
export function addApiRoutes(
  app: FastifyInstance,
  findings: Findings,
  routes: readonly ApiRoute[],
  /** Another API has a route of the same path: what it answers, or undefined where a request is not its own. */
  others: Readonly<Record<string, (request: FastifyRequest) => unknown>> = {},
): void {
  const began = createHash("sha256").update(`${process.pid} ${performance.timeOrigin}`).digest("hex").slice(0, 8);
  for (const { path, query, state, answer } of routes) {
    app.get(path, async (request: FastifyRequest, reply: FastifyReply) => {
      const other = others[path]?.(request);
      if (other !== undefined) return other;
      const version = findings.all().map((job) => `${job.name}:${job.version}:${job.health.isRunning}`);
      const etag = `"${createHash("sha256")
        .update(`${began}\n${version.join("\n")}\n${request.url}\n${state?.() ?? ""}`)
        .digest("base64url")
        .slice(0, 22)}"`;
      void reply.header("etag", etag);
      const read = readQuery(query, request.query);
      if (request.headers["if-none-match"] === etag) return reply.code(304).send();
      return answer(read as Record<string, never>, request.params as Record<string, string>);
    });
  }
}

interface Page<T> {
  readonly data: readonly T[];
  /** What `after` of the next page is; null at the end. */
  readonly next: string | null;
  readonly total: number;
}

/** A page that stays right when entries come and go: it begins behind the last one that was shown. */
function page<T>(
  sorted: readonly T[],
  keyOf: (one: T) => string,
  order: (a: string, b: string) => number,
  limit: number,
  after: string | undefined,
): Page<T> {
  const first = after === undefined ? 0 : sorted.findIndex((one) => order(keyOf(one), after) > 0);
  const data = first < 0 ? [] : sorted.slice(first, first + limit);
  const last = data.at(-1);
  const isEnd = first < 0 || first + limit >= sorted.length;
  return { data, next: last === undefined || isEnd ? null : keyOf(last), total: sorted.length };
}

function isWanted(
  record: AnomalyRecord,
  wanted: Partial<Record<"machine" | "aggregator" | "severity" | "status" | "kind" | "since" | "until", string>>,
): boolean {
  const { machine, aggregator, severity, status, kind, since, until } = wanted;
  return (
    (machine === undefined || record.machine === machine) &&
    (aggregator === undefined || record.aggregator === aggregator) &&
    (severity === undefined || RANK[record.severity] >= RANK[severity as Severity]) &&
    (status === undefined || record.status === status) &&
    (kind === undefined || record.kind === kind) &&
    (since === undefined || Date.parse(record.end) > Date.parse(since)) &&
    (until === undefined || Date.parse(record.start) < Date.parse(until))
  );
}

function isMeant(now: SeriesNow, wanted: Partial<Record<"machine" | "aggregator" | "state", string>>): boolean {
  return (
    (wanted.machine === undefined || now.machine === wanted.machine) &&
    (wanted.aggregator === undefined || now.aggregator === wanted.aggregator) &&
    (wanted.state === undefined || now.state === wanted.state)
  );
}

function seriesJson(job: string, { atMs, ...now }: SeriesNow) {
  const figure = (value: number) => (Number.isFinite(value) ? value : null);
  const { name, machine, aggregator, labels, state, reason } = now;
  return {
    ...{ job, series: name, machine, aggregator, labels, state, reason },
    at: Number.isFinite(atMs) ? formatUtc(atMs) : null,
    observed: figure(now.observed),
    expected: figure(now.expected),
    lower: figure(now.lower),
    upper: figure(now.upper),
    score: figure(now.score),
  };
}

function runJson({ name, health, report, seriesCount }: JobFindings) {
  const time = (ms: number | null) => (ms === null ? null : formatUtc(ms));
  return {
    job: name,
    is_running: health.isRunning,
    started_at: time(health.startedMs),
    ended_at: time(health.endedMs),
    succeeded_at: time(health.succeededMs),
    failure: health.failure,
    series: seriesCount,
    seconds: report?.seconds ?? null,
    until: time(report?.untilMs ?? null),
    source: report?.source ?? null,
    detector: report?.detector ?? null,
    model: report?.model == null ? null : { name: report.model.name, version: report.model.version },
    states: report?.totals ?? null,
  };
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
