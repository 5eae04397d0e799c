import { createHash } from "node:crypto";
import { seriesKey } from "../../series/series.js";
import { breathe } from "../../threads/breathe.js";
import { publishedLabels } from "../exposition/series-labels.js";
import type { Findings, JobFindings } from "../findings.js";
import type { SeriesIdentity } from "../run/series-now.js";
import { matchingGlob } from "./glob.js";

/** The figures of a scored slot, by their node in a path. */
export const FIGURE_NODES = ["expected", "lower", "observed", "score", "upper"] as const;
export type FigureNode = (typeof FIGURE_NODES)[number];

/** First node of all paths. */
const ROOT = "anomaly";

/** A path of ours: `anomaly.<job>.<what>.<path of the series>`. */
export interface OwnPath {
  readonly path: string;
  readonly what: FigureNode;
  readonly job: JobFindings;
  readonly series: SeriesIdentity;
}

/** A node of the tree of paths, as `/metrics/find` lists them. */
export interface FoundNode {
  readonly path: string;
  readonly isLeaf: boolean;
}

/** The series of a job by the path that they have here, in the order of the paths. */
interface JobPaths {
  readonly version: number;
  readonly series: ReadonlyMap<string, SeriesIdentity>;
  /** The nodes of each path. */
  readonly nodes: readonly (readonly string[])[];
}

/** A name that Graphite takes as a path without meaning anything by its characters. */
const PATH = /^[^\s(){}[\]*?,;='"|\\/]+$/;

/**
 * The paths of all series. A Graphite series keeps its own; any other name, such as a PromQL selector, becomes one node in
 * which whatever has a meaning in Graphite is `_`. Two that would be the same get a part of a hash of their labels.
 */
export class OwnPaths {
  private readonly findings: Findings;
  private readonly known = new WeakMap<JobFindings, JobPaths>();

  constructor(findings: Findings) {
    this.findings = findings;
  }

  /** The leaves that a pattern names, by job, figure and path. @throws Refusal for a pattern that stands for too much. */
  async matching(pattern: string): Promise<readonly OwnPath[]> {
    const [root, jobs, whats, ...rest] = nodesOf(pattern);
    if (rest.length === 0 || !matchingGlob(root, [ROOT]).has(ROOT)) return [];
    const wanted = [...matchingGlob(whats, FIGURE_NODES)] as FigureNode[];
    const found: OwnPath[] = [];
    for (const [node, job] of this.jobsMatching(jobs)) {
      const { series: known, nodes } = this.pathsOf(job);
      const leaves = prefixesMatching(rest, nodes).flatMap(({ path }) => {
        const series = known.get(path);
        return series === undefined ? [] : [{ path, series }];
      });
      await breathe();
      for (const what of wanted) {
        for (const { path, series } of leaves)
          found.push({ path: `${ROOT}.${node}.${what}.${path}`, what, job, series });
        await breathe();
      }
    }
    return found;
  }

  /** The nodes that a pattern names, on its own level, branches and leaves. @throws Refusal as above. */
  async find(pattern: string): Promise<readonly FoundNode[]> {
    const [root, jobs, whats, ...rest] = nodesOf(pattern);
    if (!matchingGlob(root, [ROOT]).has(ROOT)) return [];
    if (jobs === undefined) return [{ path: ROOT, isLeaf: false }];
    const found: FoundNode[] = [];
    for (const [node, job] of this.jobsMatching(jobs)) {
      const own = `${ROOT}.${node}`;
      if (whats === undefined) {
        found.push({ path: own, isLeaf: false });
        continue;
      }
      const below = rest.length === 0 ? undefined : prefixesMatching(rest, this.pathsOf(job).nodes);
      await breathe();
      for (const what of matchingGlob(whats, FIGURE_NODES)) {
        if (below === undefined) found.push({ path: `${own}.${what}`, isLeaf: false });
        for (const { path, isLeaf } of below ?? []) found.push({ path: `${own}.${what}.${path}`, isLeaf });
        await breathe();
      }
    }
    return found;
  }

  /** Every leaf. */
  *all(): Iterable<OwnPath> {
    for (const job of this.findings.all()) {
      for (const what of FIGURE_NODES) {
        for (const [own, series] of this.pathsOf(job).series) {
          yield { path: `${ROOT}.${nodeName(job.name)}.${what}.${own}`, what, job, series };
        }
      }
    }
  }

  private jobsMatching(glob: string): readonly (readonly [node: string, job: JobFindings])[] {
    const jobs = this.findings
      .all()
      .filter((job) => this.pathsOf(job).nodes.length > 0)
      .map((job) => [nodeName(job.name), job] as const);
    const wanted = matchingGlob(
      glob,
      jobs.map(([node]) => node),
    );
    return jobs.filter(([node]) => wanted.has(node)).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  }

  /** What a job had found when its newest run ended; series come and go with runs only. */
  private pathsOf(job: JobFindings): JobPaths {
    const known = this.known.get(job);
    if (known?.version === job.version && known.nodes.length > 0) return known;
    const series = pathsOfSeries(job.series());
    const paths = { version: job.version, series, nodes: [...series.keys()].map((path) => path.split(".")) };
    this.known.set(job, paths);
    return paths;
  }
}

/** The tags of a path: the labels under which the finding is published elsewhere, and what it is. */
export function tagsOf({ path, what, job, series }: OwnPath): ReadonlyMap<string, string> {
  return new Map([...publishedLabels(job.name, series), ["what", what], ["name", path]]);
}

/** Each series under its path; exported for its test. */
export function pathsOfSeries<T extends SeriesIdentity>(all: Iterable<T>): ReadonlyMap<string, T> {
  const byPath = new Map<string, T[]>();
  for (const series of all) {
    const path = seriesPath(series.name);
    const namesakes = byPath.get(path);
    if (namesakes === undefined) byPath.set(path, [series]);
    else namesakes.push(series);
  }
  const named = [...byPath].flatMap(([path, namesakes]) =>
    namesakes.map((series): [string, T] => [
      namesakes.length === 1 ? path : `${path}_${hashOf(seriesKey(series.labels))}`,
      series,
    ]),
  );
  return new Map(named.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

function seriesPath(name: string): string {
  const isPath = PATH.test(name) && !name.split(".").includes("");
  return isPath ? name : nodeName(name);
}

function nodeName(name: string): string {
  const node = name.replace(/[^\p{L}\p{N}_:-]+/gu, "_").replace(/^_+|_+$/g, "");
  return node === "" ? "_" : node;
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}

/** The nodes of a pattern; a dot in braces or brackets does not separate any. */
export function nodesOf(pattern: string): readonly string[] {
  return pattern.match(/(?:\{[^{}]*\}|\[[^[\]]*\]|[^.])+/g) ?? [""];
}

/** The distinct beginnings of paths, of as many nodes as the globs, that match them node by node. */
function prefixesMatching(globs: readonly string[], paths: JobPaths["nodes"]): readonly FoundNode[] {
  let left = paths.filter((nodes) => nodes.length >= globs.length);
  for (const [depth, glob] of globs.entries()) {
    const wanted = matchingGlob(
      glob,
      left.map((nodes) => nodes[depth]),
    );
    left = left.filter((nodes) => wanted.has(nodes[depth]));
  }
  const found = new Map<string, boolean>();
  for (const nodes of left) {
    const path = nodes.slice(0, globs.length).join(".");
    // What is a series and has others below it is a branch, so that those can be reached.
    found.set(path, nodes.length === globs.length && found.get(path) !== false);
  }
  return [...found].map(([path, isLeaf]) => ({ path, isLeaf }));
}
