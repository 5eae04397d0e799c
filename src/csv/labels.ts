import type { Labels } from "../series/series.js";
import { compileTemplate, matchTemplate } from "../sources/template.js";
import { cleanStem } from "./stem.js";
import { taggedName } from "./tagged-name.js";

/** What is known of a series before it has labels. */
export interface Nameable {
  readonly file: string;
  readonly name: string;
  /** The cells that named it in a long table, by column. */
  readonly fields: Readonly<Record<string, string>>;
  /** Whether it is the only series of its file. */
  readonly alone: boolean;
}

export interface Naming {
  /** The labels of each series, or why it has none. */
  readonly labels: readonly (Labels | { readonly reason: string })[];
  /**
   * The template that was given, or found and good for all series; undefined where names of columns and files were taken
   * as they are.
   */
  readonly template: string | undefined;
  /** The rule that was used, in words. */
  readonly notes: readonly string[];
}

/** Names of a value column that say nothing about what it holds. */
const GENERIC_NAME =
  /^(value|values|val|v|y|mean|avg|average|max|min|sum|last|count|metric|data|result|wert|column\d+)?$/i;
const HOST_FIELD = /^(machine|host|hostname|instance|node|server)$/i;

/** Whether a naming is a reason instead of labels; label values are strings too, so the one key decides. */
export function isUnnamed(naming: Labels | { readonly reason: string }): naming is { readonly reason: string } {
  return "reason" in naming && !("machine" in naming);
}

/**
 * The labels of all series of a history; each ends with a `machine` and an `aggregator`.
 *
 * With a template `FILE#COLUMN` (or only `COLUMN`) the two parts are matched against the file's path from its end, and the
 * series' name. Without one:
 * - names that are metric paths (dots, the same number of nodes, the first of them in common): the nodes that differ over
 *   all files are the labels, the first one the machine and the last one the aggregator;
 * - names such as `net(device=eth0,host=x)`: these labels, and the metric is the aggregator;
 * - otherwise the series' name is the machine, and the file's name without dates is the aggregator;
 * - a lone column with a name such as `value` takes the file's name as machine, and `value` as aggregator.
 */
export function nameSeries(series: readonly Nameable[], template?: string): Naming {
  if (template !== undefined) return { labels: series.map((one) => fromTemplate(one, template)), template, notes: [] };
  const paths = series.filter(
    (one) => Object.keys(one.fields).length <= 1 && !isLone(one) && taggedName(one.name) === undefined,
  );
  const inferred = inferTemplate([...new Set(paths.map((one) => one.name))]);
  const notes =
    inferred === undefined
      ? []
      : [`machine and aggregator are read from the names as ${inferred}; --series sets another template`];
  const columns = paths.find((one) => inferred === undefined && Object.keys(one.fields).length === 0);
  if (columns !== undefined) {
    notes.push(
      `the column's name is the machine and the file's name the aggregator (${columns.name}, ${cleanStem(columns.file) || "value"}); --series sets another template`,
    );
  }
  // Handed in with the next files it is binding: one that does not fit all series would leave some of them out.
  const forAll = paths.length === series.length ? inferred : undefined;
  return { labels: series.map((one) => byDefault(one, inferred)), template: forAll, notes };
}

const isLone = (one: Nameable) => one.alone && GENERIC_NAME.test(one.name);

function byDefault(one: Nameable, inferred: string | undefined): Labels {
  const stem = cleanStem(one.file);
  if (isLone(one)) return { machine: stem || "value", aggregator: "value" };
  const columns = Object.keys(one.fields);
  if (columns.length > 1) {
    const own = Object.fromEntries(columns.map((column) => [column.toLowerCase(), one.fields[column]]));
    const hostColumn = columns.find((column) => HOST_FIELD.test(column)) ?? columns[0];
    const rest = columns.filter((column) => column !== hostColumn).map((column) => one.fields[column]);
    return complete(
      { aggregator: rest.join("."), ...own, machine: own["machine"] ?? one.fields[hostColumn] },
      one.name,
      stem,
    );
  }
  const tagged = taggedName(one.name);
  if (tagged !== undefined) return complete(tagged, one.name, stem);
  const labels = inferred === undefined ? undefined : matchTemplate(inferred, one.name);
  return complete(labels ?? {}, one.name, stem);
}

function fromTemplate(one: Nameable, template: string): Labels | { reason: string } {
  const hash = template.indexOf("#");
  const filePattern = hash < 0 ? "" : template.slice(0, hash);
  const namePattern = hash < 0 ? template : template.slice(hash + 1);
  const fromFile = filePattern === "" ? {} : matchFile(filePattern, one.file);
  if (fromFile === undefined) return { reason: `the file ${one.file} does not fit ${filePattern} of the template` };
  const fromName = namePattern === "" ? {} : matchTemplate(namePattern, one.name);
  if (fromName === undefined) return { reason: `its name does not fit the template ${namePattern}` };
  const clash = Object.keys(fromFile).find((key) => key in fromName && fromName[key] !== fromFile[key]);
  if (clash !== undefined) {
    return {
      reason: `the template gives ${clash} twice: ${fromFile[clash]} by the file and ${fromName[clash]} by the name`,
    };
  }
  return complete({ ...fromFile, ...fromName }, one.name, cleanStem(one.file));
}

/** As many path components as the pattern has, counted from the file's name; `.gz` never matters. */
function matchFile(pattern: string, file: string): Labels | undefined {
  const plain = (text: string) => text.replace(/\.gz$/i, "");
  const depth = pattern.split("/").length;
  const tail = plain(file).split("/").slice(-depth).join("/");
  const match = compileTemplate(plain(pattern), "/").exec(tail);
  return match === null ? undefined : { ...match.groups };
}

function complete(labels: Labels, name: string, stem: string): Labels {
  // A name that the template has not used up still distinguishes series of one file.
  const machine = labels["machine"] ?? name;
  const aggregator = labels["aggregator"] ?? (stem || "value");
  return { ...labels, machine, aggregator: aggregator === "" ? "value" : aggregator };
}

/**
 * The template that metric paths have in common, or undefined where they are no paths of one kind. Host names such as
 * `n1.example.com` differ in their first node and have no common root, so they stay whole.
 *
 * @example inferTemplate(["s.n1.lag.a", "s.n2.lag.a", "s.n1.lag.b"]) // "s.{machine}.lag.{aggregator}"
 */
export function inferTemplate(names: readonly string[]): string | undefined {
  if (names.length < 2 || names.some((name) => !/^[^\s(),{}*]+$/.test(name))) return undefined;
  const nodes = names.map((name) => name.split("."));
  const width = nodes[0].length;
  if (width < 2 || nodes.some((list) => list.length !== width)) return undefined;
  const varying = nodes[0].map((_, i) => i).filter((i) => nodes.some((list) => list[i] !== nodes[0][i]));
  if (varying[0] === 0 && !(width === 2 && varying.length === 2)) return undefined;
  const first = varying[0];
  const last = varying.length > 1 ? varying[varying.length - 1] : -1;
  return nodes[0]
    .map((node, i) => {
      if (i === first) return "{machine}";
      if (i === last) return "{aggregator}";
      // More than two that differ: each has a label of its own, or different metrics would be taken for one.
      return varying.includes(i) ? `{node${i + 1}}` : node;
    })
    .join(".");
}
