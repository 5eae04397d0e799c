import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply } from "fastify";
import { messageOf } from "../../errors/errors.js";
import { breathe } from "../../threads/breathe.js";
import { DAY_MS } from "../../time/duration.js";
import { parseInstant } from "../../time/instant.js";
import { checkTimezone } from "../../time/timezone.js";
import { type RenderContext, render } from "../graphite/evaluate.js";
import { eventsOf } from "../graphite/events.js";
import { FORMATS } from "../graphite/formats.js";
import { functionList } from "../graphite/functions.js";
import { consolidated, type GraphWindow } from "../graphite/graph-series.js";
import { nodesOf, OwnPaths } from "../graphite/paths.js";
import { taggedPaths } from "../graphite/tags.js";
import { Refusal } from "./guard.js";
import { parametersOf } from "./prometheus-routes.js";

/** The version of graphite-web whose API this is modelled on; clients decide by it what they may ask. */
const VERSION = "1.1.8";
/** Values in one answer: 200 series of a week at one minute. */
const MOST_VALUES = 2_100_000;
/** What graphite-web gives of tags and of their values where no limit is set. */
const MOST_COMPLETIONS = 100;

type Parameters = URLSearchParams;

/**
 * The read API of Graphite, as far as Grafana's data source uses it: the figures of our series as paths, and query-time detection.
 * https://graphite.readthedocs.io/en/1.1.8/render_api.html
 */
export function addGraphiteRoutes(app: FastifyInstance, around: Omit<RenderContext, "paths">): void {
  const context: RenderContext = { ...around, paths: new OwnPaths(around.findings) };
  const { paths, findings, nowMs } = context;
  const both = (path: string, answer: (parameters: Parameters, reply: FastifyReply) => unknown) => {
    // Clients that join a base address with a slash ask for /render/.
    for (const written of [path, `${path}/`]) {
      app.get(written, (request, reply) => answer(parametersOf(request), reply));
      app.post(written, { config: { reads: true } }, (request, reply) => answer(parametersOf(request), reply));
    }
  };
  both("/render", (parameters, reply) => answerRender(parameters, reply, context));
  both("/metrics/find", async (parameters, reply) => {
    const query = needed(parameters, "query");
    const found = await paths.find(query);
    if (parameters.get("format") === "completer") return streamed(reply, JSON_TYPE, completerPieces(found));
    return streamed(reply, JSON_TYPE, listPieces(treeOf(found, nodesOf(query).slice(0, -1))));
  });
  both("/metrics/expand", async (parameters, reply) => {
    const leavesOnly = parameters.get("leavesOnly") === "1";
    const names = new Set<string>();
    for (const query of parameters.getAll("query")) {
      for (const { path, isLeaf } of await paths.find(query)) if (isLeaf || !leavesOnly) names.add(path);
    }
    return streamed(reply, JSON_TYPE, listPieces(names, '{"results":', "}"));
  });
  both("/metrics/index.json", (_, reply) => streamed(reply, JSON_TYPE, listPieces(allNames(paths))));
  both("/tags/autoComplete/tags", async (parameters) => {
    const prefix = parameters.get("tagPrefix") ?? "";
    const names = (await taggedPaths(paths, parameters.getAll("expr"))).flatMap(({ labels }) => [...labels.keys()]);
    return completions(names, prefix, parameters);
  });
  both("/tags/autoComplete/values", async (parameters) => {
    const tag = needed(parameters, "tag");
    const prefix = parameters.get("valuePrefix") ?? "";
    const values = (await taggedPaths(paths, parameters.getAll("expr"))).flatMap(({ labels }) => labels.get(tag) ?? []);
    return completions(values, prefix, parameters);
  });
  both("/functions", () => functionList());
  both("/version", (_, reply) => {
    void reply.type("text/plain");
    return VERSION;
  });
  both("/events/get_data", (parameters) => {
    const now = nowMs();
    const { fromS, untilS } = windowOf(parameters, now, 0);
    const tags = (parameters.get("tags") ?? "").split(/[\s,]+/).filter((tag) => tag !== "");
    return eventsOf(findings, { startMs: fromS * 1000, endMs: untilS * 1000 }, tags);
  });
}

async function answerRender(
  parameters: Parameters,
  reply: FastifyReply,
  context: RenderContext,
): Promise<FastifyReply> {
  const name = parameters.has("rawData") ? "raw" : parameters.get("format") || "json";
  const format = Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
  if (format === undefined) throw bad(`format got "${name}" and needs ${Object.keys(FORMATS).join(", ")}`);
  const timezone = timezoneOf(parameters);
  const targets = [...parameters.getAll("target"), ...parameters.getAll("target[]")].filter(
    (text) => text.trim() !== "",
  );
  const mostValues = mostValuesOf(parameters);
  const now = context.nowMs();
  const found = await render(targets, windowOf(parameters, now, now - DAY_MS), context);
  const all: (typeof found)[number][] = [];
  let values = 0;
  for (const series of found) {
    // Only in JSON does graphite-web make fewer of them.
    const own = name === "json" && mostValues !== null ? consolidated(series, mostValues) : series;
    all.push(own);
    values += own.values.length;
    if (values > MOST_VALUES) {
      throw new Refusal(
        422,
        "execution",
        `the answer has more than ${MOST_VALUES} values; narrow the time range or the targets, or set maxDataPoints`,
      );
    }
    await breathe();
  }
  return streamed(reply, format.contentType, format.pieces(all, timezone));
}

/** `from` is exclusive and `until` inclusive. Nothing is known of what is to come. */
function windowOf(parameters: Parameters, nowMs: number, sinceMs: number): GraphWindow {
  const timezone = timezoneOf(parameters);
  const time = (name: string, otherwise: number) => {
    const text = parameters.get(name);
    if (text === null || text === "") return otherwise;
    try {
      return parseInstant(text, { nowMs, timezone });
    } catch (thrown) {
      throw bad(`${name}: ${messageOf(thrown)}`);
    }
  };
  const fromS = Math.floor(time("from", sinceMs) / 1000);
  const untilS = Math.floor(Math.min(time("until", nowMs), nowMs) / 1000);
  if (fromS >= untilS) throw bad("Invalid empty time range: from is not before until, or is in the future");
  return { fromS, untilS };
}

function timezoneOf(parameters: Parameters): string {
  const timezone = parameters.get("tz") || "UTC";
  try {
    checkTimezone(timezone);
  } catch (thrown) {
    throw bad(`tz: ${messageOf(thrown)}`);
  }
  return timezone;
}

function mostValuesOf(parameters: Parameters): number | null {
  const text = parameters.get("maxDataPoints");
  if (text === null || text === "") return null;
  const value = Number(text);
  if (!(value >= 1)) throw bad(`maxDataPoints got "${text}" and needs a number of at least 1`);
  return Math.floor(value);
}

/** Nodes as graphite-web lists them: branches first, each name once, the id under the pattern that was asked for. */
function treeOf(found: Found, base: readonly string[]) {
  const branches = new Set(found.filter(({ isLeaf }) => !isLeaf).map(({ path }) => lastNode(path)));
  const leaves = new Set(found.filter(({ isLeaf }) => isLeaf).map(({ path }) => lastNode(path)));
  const node = (text: string, leaf: 0 | 1) => ({
    text,
    id: [...base, text].join("."),
    allowChildren: 1 - leaf,
    expandable: 1 - leaf,
    leaf,
  });
  return [
    ...[...branches].map((text) => node(text, 0)),
    ...[...leaves].filter((text) => !branches.has(text)).map((text) => node(text, 1)),
  ];
}

const lastNode = (path: string) => path.slice(path.lastIndexOf(".") + 1);

function completions(all: readonly string[], prefix: string, parameters: Parameters): readonly string[] {
  const limit = Number(parameters.get("limit") || MOST_COMPLETIONS);
  if (!Number.isInteger(limit) || limit < 0)
    throw bad(`limit got "${parameters.get("limit")}" and needs a whole number`);
  return [...new Set(all)]
    .filter((one) => one.startsWith(prefix))
    .sort()
    .slice(0, limit);
}

function* allNames(paths: OwnPaths): Iterable<string> {
  for (const { path } of paths.all()) yield path;
}

type Found = Awaited<ReturnType<OwnPaths["find"]>>;

function completerPieces(found: Found): Iterable<string> {
  const metrics = found.map(({ path, isLeaf }) => ({
    path: isLeaf ? path : `${path}.`,
    name: lastNode(path),
    is_leaf: isLeaf ? "1" : "0",
  }));
  return listPieces(metrics, '{"metrics":', "}");
}

/** A list as JSON, with what is around it, in pieces of one element. */
function* listPieces(all: Iterable<unknown>, before = "", after = ""): Iterable<string> {
  yield `${before}[`;
  let separator = "";
  for (const one of all) {
    yield separator + JSON.stringify(one);
    separator = ",";
  }
  yield `]${after}`;
}

const JSON_TYPE = "application/json";

/** Bytes of an answer that are made before others are heard: a few milliseconds. */
const PIECE_LENGTH = 65_536;

function streamed(reply: FastifyReply, contentType: string, pieces: Iterable<string | Buffer>): FastifyReply {
  async function* gathered(): AsyncGenerator<Buffer> {
    let waiting: Buffer[] = [];
    let length = 0;
    for (const piece of pieces) {
      const bytes = typeof piece === "string" ? Buffer.from(piece, "utf8") : piece;
      waiting.push(bytes);
      length += bytes.length;
      if (length < PIECE_LENGTH) continue;
      yield Buffer.concat(waiting);
      waiting = [];
      length = 0;
      await breathe();
    }
    yield Buffer.concat(waiting);
  }
  void reply.header("content-type", contentType);
  return reply.send(Readable.from(gathered(), { objectMode: false }));
}

function needed(parameters: Parameters, name: string): string {
  const value = parameters.get(name);
  if (value === null || value === "") throw bad(`Missing required parameter '${name}'`);
  return value;
}

function bad(message: string): Refusal {
  return new Refusal(400, "bad_data", message);
}
