import type { SeriesPoints } from "../../runs/find-anomalies.js";
import { seriesKey, type TimeRange } from "../../series/series.js";
import { breathe } from "../../threads/breathe.js";
import { Refusal } from "../http/guard.js";
import { type EvaluateContext, MOST_REPLAYED } from "../promql/evaluate.js";
import type { SeriesIdentity } from "../run/series-now.js";
import { pythonFloat } from "./formats.js";
import { DETECTION_FUNCTIONS, UNDERSTOOD } from "./functions.js";
import { figureOf, type GraphSeries, type GraphWindow } from "./graph-series.js";
import { parseTarget, type Target } from "./parse.js";
import { type FigureNode, type OwnPath, type OwnPaths, tagsOf } from "./paths.js";
import { substituted } from "./substituted.js";
import { taggedPaths } from "./tags.js";

/** Replays of whatever a Graphite target brings from a job's upstream. */
export interface TargetReplays {
  /** @param job undefined: the one whose template the target fits, or the only one that asks a Graphite. */
  readonly ofTarget: (job: string | undefined, target: string, range: TimeRange) => Promise<readonly SeriesPoints[]>;
}

export interface RenderContext extends EvaluateContext {
  readonly replays: EvaluateContext["replays"] & TargetReplays;
  readonly paths: OwnPaths;
}

/** Targets of one request. Each may bring many series; our own source sends up to a thousand paths at once. */
const MOST_TARGETS = 1000;
/** Different targets that one request may have scored. */
const MOST_DETECTIONS = 32;

type Call = Extract<Target, { kind: "call" }>;

/** A target with what its leaves have brought. */
interface Rendering {
  readonly text: string;
  readonly window: GraphWindow;
  readonly pathsAt: ReadonlyMap<Target, readonly OwnPath[]>;
  readonly replayed: ReadonlyMap<string, ReadonlyMap<string, SeriesPoints>>;
  readonly detect: (job: string | undefined, inner: string) => Promise<readonly SeriesPoints[]>;
}

/**
 * The series of all targets of a request, in the order of the targets. The past of a series is replayed once, however many of its
 * figures are asked for.
 *
 * @throws Refusal saying what is not understood or not possible.
 */
export async function render(
  targets: readonly string[],
  window: GraphWindow,
  context: RenderContext,
): Promise<readonly GraphSeries[]> {
  if (targets.length > MOST_TARGETS)
    throw bad(`${targets.length} targets are too many; up to ${MOST_TARGETS} are answered`);
  const range = { startMs: window.fromS * 1000 + 1, endMs: window.untilS * 1000 + 1 };
  const parsed = targets.map((text) => ({ text, tree: parseTarget(text) }));
  const pathsAt = new Map<Target, readonly OwnPath[]>();
  for (const { tree } of parsed) {
    for (const leaf of leavesOf(tree)) pathsAt.set(leaf, await pathsOf(leaf, context.paths));
    await breathe();
  }
  const replayed = await replaysOf([...pathsAt.values()].flat(), range, context);
  const detected = new Map<string, Promise<readonly SeriesPoints[]>>();
  const detect = (job: string | undefined, inner: string) => {
    const key = JSON.stringify([job, inner]);
    const known = detected.get(key) ?? context.replays.ofTarget(job, inner, range);
    detected.set(key, known);
    if (detected.size > MOST_DETECTIONS)
      throw bad(`up to ${MOST_DETECTIONS} different targets are scored for one answer`);
    return known;
  };
  const found: GraphSeries[] = [];
  for (const { text, tree } of parsed) {
    found.push(...(await evaluate(tree, { text, window, pathsAt, replayed, detect })));
    await breathe();
  }
  return found;
}

/** Paths and tag searches of ours; what a detection is about is the upstream's. */
function leavesOf(target: Target): readonly Target[] {
  if (target.kind === "path") return [target];
  if (target.kind !== "call" || DETECTION_FUNCTIONS.has(target.name)) return [];
  return target.name === "seriesByTag" ? [target] : target.args.flatMap(leavesOf);
}

async function pathsOf(leaf: Target, paths: OwnPaths): Promise<readonly OwnPath[]> {
  if (leaf.kind === "path") return paths.matching(leaf.pattern);
  if (leaf.kind !== "call" || leaf.args.length === 0) throw bad("seriesByTag needs tag expressions such as 'job=node'");
  return (await taggedPaths(paths, leaf.args.map(textOf))).map(({ own }) => own);
}

/** One replay for each job. */
async function replaysOf(
  all: readonly OwnPath[],
  range: TimeRange,
  { replays }: RenderContext,
): Promise<ReadonlyMap<string, ReadonlyMap<string, SeriesPoints>>> {
  const byJob = new Map<string, Map<string, SeriesIdentity>>();
  for (const { job, series } of all) {
    const own = byJob.get(job.name) ?? new Map<string, SeriesIdentity>();
    byJob.set(job.name, own.set(seriesKey(series.labels), series));
  }
  const count = [...byJob.values()].reduce((sum, own) => sum + own.size, 0);
  if (count > MOST_REPLAYED) {
    throw new Refusal(
      422,
      "execution",
      `the past of ${count} series would have to be replayed, up to ${MOST_REPLAYED} are; narrow the target`,
    );
  }
  const replayed = new Map<string, ReadonlyMap<string, SeriesPoints>>();
  for (const [job, own] of byJob) {
    const points = await replays.ofSeries(job, [...own.values()], range);
    replayed.set(job, new Map(points.map((one) => [seriesKey(one.labels), one])));
  }
  return replayed;
}

async function evaluate(target: Target, rendering: Rendering): Promise<readonly GraphSeries[]> {
  const { text, window, pathsAt, replayed } = rendering;
  const written = text.slice(target.from, target.to);
  const own = pathsAt.get(target);
  if (own !== undefined) {
    return own.flatMap((one) => {
      const points = replayed.get(one.job.name)?.get(seriesKey(one.series.labels));
      if (points === undefined) return [];
      const tags = Object.fromEntries(tagsOf(one));
      return [{ name: one.path, pathExpression: written, tags, ...figureOf(points, one.what, window) }];
    });
  }
  if (target.kind !== "call") throw bad(`${written} is not a series; ${UNDERSTOOD}`);
  if (DETECTION_FUNCTIONS.has(target.name)) return detection(target, rendering);
  if (target.name === "constantLine") return [constantLine(target, window)];
  if (target.name === "alias") {
    const [of, name] = argumentsOf(target, 2, 'a target and a name, as in alias(x, "name")');
    const newName = textOf(name);
    return (await evaluate(of, rendering)).map((series) => ({ ...series, name: newName }));
  }
  if (target.name === "aliasSub") {
    const [of, search, replacement] = argumentsOf(
      target,
      3,
      'a target and two texts, as in aliasSub(x, "(.*)", "\\1 A")',
    );
    const series = await evaluate(of, rendering);
    const names = await substituted(
      series.map(({ name }) => name),
      textOf(search),
      textOf(replacement),
    );
    await breathe();
    return series.map((one, i) => ({ ...one, name: names[i] }));
  }
  throw bad(`${target.name}() is not evaluated here; ${UNDERSTOOD}`);
}

async function detection(target: Call, { text, window, detect }: Rendering): Promise<readonly GraphSeries[]> {
  const { args, name } = target;
  const isRight = args.length === 1 || (args.length === 2 && args[1].kind === "string");
  if (!isRight || !["path", "call"].includes(args[0].kind)) {
    throw bad(`${name}() needs a target, and may have a job, as in ${name}(servers.*.load, "node")`);
  }
  const job = args.length === 2 ? textOf(args[1]) : undefined;
  const all = await detect(job, text.slice(args[0].from, args[0].to));
  const what = DETECTION_FUNCTIONS.get(name);
  const figures: readonly FigureNode[] = what === "band" ? ["lower", "upper"] : [what as FigureNode];
  return all
    .flatMap((points) =>
      figures.map((figure) => ({
        name: `anomaly${figure[0].toUpperCase()}${figure.slice(1)}(${points.name})`,
        pathExpression: text.slice(target.from, target.to),
        tags: { ...points.labels, what: figure, name: points.name },
        ...figureOf(points, figure, window),
      })),
    )
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** Three values over the window, as graphite-web draws it. */
function constantLine(target: Call, { fromS, untilS }: GraphWindow): GraphSeries {
  const [value] = argumentsOf(target, 1, "a number, as in constantLine(100)");
  if (value.kind !== "number") throw bad("constantLine() needs a number, as in constantLine(100)");
  const name = pythonFloat(value.value);
  return {
    name,
    pathExpression: `constantLine(${name})`,
    tags: { name },
    startS: fromS,
    endS: untilS,
    stepS: Math.max(1, Math.trunc((untilS - fromS) / 2)),
    values: new Float64Array(3).fill(value.value),
    consolidation: "average",
  };
}

function argumentsOf({ name, args }: Call, count: number, needed: string): readonly Target[] {
  if (args.length !== count) throw bad(`${name}() needs ${needed}; it has ${args.length} arguments`);
  return args;
}

function textOf(target: Target): string {
  if (target.kind === "string") return target.value;
  throw bad("a text in quotes is needed where a path, a number or a call is");
}

function bad(message: string): Refusal {
  return new Refusal(400, "bad_data", message);
}
