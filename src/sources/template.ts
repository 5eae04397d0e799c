import { UsageError } from "../errors/errors.js";
import type { Labels } from "../series/series.js";
import { globSource, isGlob } from "./glob.js";

const VARIABLE = /\{([A-Za-z_]\w*)\}/;

/** The variables of a template in order, each once: `a.{machine}.b.{aggregator}` → `["machine", "aggregator"]`. */
export function templateVariables(template: string): string[] {
  return [...new Set(template.split(VARIABLE).filter((_, i) => i % 2 === 1))];
}

const compiled = new Map<string, RegExp>();

/**
 * A template as a regular expression with a named group for each variable.
 *
 * In a dotted pattern a variable is one node, except at the very end, where it takes the rest of the path; in any other
 * pattern it is whatever fits. `*`, `?`, `[a-z]` and `{a,b}` are globs, as in Graphite. A variable that stands
 * there twice must have the same value twice.
 */
export function compileTemplate(template: string, separator: "/" | "." | "none"): RegExp {
  const key = `${separator}${template}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const parts = template.split(VARIABLE);
  const seen = new Set<string>();
  let source = "";
  parts.forEach((part, i) => {
    if (i % 2 === 0) {
      source += globSource(part, separator);
      return;
    }
    const last = i === parts.length - 2 && parts[i + 1] === "";
    const value = separator === "." && !last ? "[^.]+" : last ? ".+" : ".+?";
    source += seen.has(part) ? `\\k<${part}>` : `(?<${part}>${value})`;
    seen.add(part);
  });
  let expression: RegExp;
  try {
    expression = new RegExp(`^${source}$`);
  } catch (cause) {
    throw new UsageError(
      "template",
      `the template "${template}" cannot be read; write it like statsd.{machine}.gauges.{aggregator}`,
      { cause },
    );
  }
  compiled.set(key, expression);
  return expression;
}

/**
 * The labels that a series' name gives under a template; undefined where it does not fit.
 *
 * A name that is not the whole path may be what `aliasByNode` leaves of it: the variables' values alone, joined by dots
 * (`n200.visit_length_hour`). Without `known` values they are taken in the template's order, only where each has one node
 * and there are two or more (any word would do for one); with them in any order, and values may hold dots.
 *
 * @example matchTemplate("statsd.{machine}.gauges.{aggregator}", "statsd.n200.gauges.a.b") // { machine: "n200", aggregator: "a.b" }
 * @example matchTemplate("statsd.{machine}.gauges.{aggregator}", "n200.visit_hour") // { machine: "n200", aggregator: "visit_hour" }
 */
export function matchTemplate(
  template: string,
  name: string,
  known: Readonly<Record<string, readonly string[]>> = {},
): Labels | undefined {
  const match = compileTemplate(template, template.includes(".") ? "." : "none").exec(name);
  if (match !== null) return { ...match.groups };
  const variables = templateVariables(template);
  if (variables.length === 0) return undefined;
  const lists = variables.map((variable) => known[variable] ?? []);
  if (lists.every((list) => list.length > 0)) {
    const found = matchKnown(variables, lists, name);
    if (found !== undefined) return found;
  }
  const nodes = name.split(".");
  if (variables.length < 2 || nodes.length !== variables.length || nodes.some((node) => !/^[^\s(),]+$/.test(node)))
    return undefined;
  return Object.fromEntries(variables.map((variable, i) => [variable, nodes[i]]));
}

/**
 * Whether what an expression brings are series of the template, so that it may name them: any path for a template that is a path,
 * and of a template with functions only itself with values for its variables. The series under another function have another scale.
 *
 * @example isOfTemplate("s.{machine}.lag", "s.*.lag") // true
 * @example isOfTemplate("s.{machine}.lag", "scale(s.n1.lag,8)") // false
 */
export function isOfTemplate(template: string, expression: string): boolean {
  return compileTemplate(template, template.includes(".") ? "." : "none").test(expression);
}

/** The values, one of each list in any order, that joined by dots are the name. */
function matchKnown(
  variables: readonly string[],
  lists: readonly (readonly string[])[],
  name: string,
): Labels | undefined {
  if (variables.length === 0) return name === "" ? {} : undefined;
  for (let i = 0; i < variables.length; i++) {
    const otherVariables = variables.filter((_, k) => k !== i);
    const otherLists = lists.filter((_, k) => k !== i);
    for (const value of lists[i]) {
      const whole = name === value && variables.length === 1;
      if (!whole && !name.startsWith(`${value}.`)) continue;
      const rest = whole ? {} : matchKnown(otherVariables, otherLists, name.slice(value.length + 1));
      if (rest !== undefined) return { [variables[i]]: value, ...rest };
    }
  }
  return undefined;
}

/** What a path consists of, globs and variables among it; functions, quoted texts and numbers hold none of its dots and variables. */
const PATH = /(?:[^\s(){},"']|\{[^{}]*\})+/g;

/**
 * The labels that a metric's own path gives under a template, whatever functions of the template have made of its name; undefined
 * where no path of the template fits.
 *
 * @example matchPath('alias(s.{machine}.lag.{aggregator},"x")', "s.n1.lag.a") // { machine: "n1", aggregator: "a" }
 */
export function matchPath(template: string, path: string): Labels | undefined {
  // The sum of many metrics has a glob for its path, and that is no machine.
  if (isGlob(path)) return undefined;
  for (const [part] of template.matchAll(PATH)) {
    const match = VARIABLE.test(part) ? compileTemplate(part, ".").exec(path) : null;
    if (match !== null) return { ...match.groups };
  }
  return undefined;
}

/** A tag of Graphite's `seriesByTag` whose value is a variable. */
const TAGGED = /(?<=['"])([^'"=!~]+)=~?\{([A-Za-z_]\w*)\}(?=['"])/g;

/**
 * The labels that a series' tags give under a template of `seriesByTag`; undefined where it has none of the tags.
 *
 * @example matchTags("seriesByTag('name=lag','server=~{machine}')", { name: "lag", server: "n1" }) // { machine: "n1" }
 */
export function matchTags(template: string, tags: Labels): Labels | undefined {
  const read = [...template.matchAll(TAGGED)].flatMap(([, tag, variable]) =>
    tags[tag] === undefined ? [] : [[variable, tags[tag]] as const],
  );
  return read.length === 0 ? undefined : Object.fromEntries(read);
}
