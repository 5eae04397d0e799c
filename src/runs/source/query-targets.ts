import { UsageError } from "../../errors/errors.js";
import type { Series } from "../../series/series.js";
import { globSource } from "../../sources/glob.js";
import { QUERY_LABEL } from "../../sources/promql/labels.js";
import type { NamedQuery } from "../../sources/promql/named-query.js";
import { isSelector } from "../../sources/promql/selector.js";
import type { Target } from "../../sources/source.js";
import { expandTargets } from "../../sources/targets.js";
import { isOfTemplate } from "../../sources/template.js";
import type { VariableValues } from "../../sources/variable-values.js";
import type { QuestionSpec } from "./source-spec.js";

/** What is asked of a server, and how one series of it is requested again. */
export interface Asked {
  readonly targets: readonly Target[];
  readonly template?: string;
  readonly targetOf: (series: Pick<Series, "name" | "labels">) => string;
}

/** A template of Graphite paths: labels for all its variables give the one path. A target is asked as it is. */
export function askedPaths({
  template,
  target: only,
  var: variables,
}: Pick<QuestionSpec, "template" | "target" | "var">): Asked {
  if (only !== undefined) {
    return {
      targets: [{ expression: only, labels: {} }],
      template: template !== undefined && isOfTemplate(template, only) ? template : undefined,
      targetOf: ({ name }) => name,
    };
  }
  const values = Object.fromEntries(variables.map(({ name, values: list }) => [name, list]));
  return {
    targets: template === undefined ? [] : expandTargets(template, values),
    template,
    // Without labels for all variables the series' own name is what was answered.
    targetOf: ({ name, labels }) => {
      if (template === undefined) return name;
      const known = Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, [value]]));
      const used = Object.keys(known).filter((key) => template.includes(`{${key}}`));
      const [target] = expandTargets(template, Object.fromEntries(used.map((key) => [key, known[key]])));
      return target?.expression ?? name;
    },
  };
}

/**
 * PromQL expressions, one target each.
 *
 * The results of two functions may have equal labels, so where there are several queries the label `query` says whose a series
 * is: the query's name, or its expression. A plain selector without a name needs none, because stored series differ in their
 * own labels; and neither does a query that is alone.
 *
 * @throws UsageError for two queries of one name, and for `--var` of a variable that none of them has.
 */
export function askedQueries({ query: queries, var: variables }: Pick<QuestionSpec, "query" | "var">): Asked {
  refuseSharedNames(queries);
  refuseUnknown(queries, variables);
  const all = queries.map(({ name, expression: text }): Target => {
    const expression = withVariables(text, variables);
    const isTold = name !== undefined || (queries.length > 1 && !isSelector(expression));
    return { expression, labels: isTold ? { [QUERY_LABEL]: name ?? text } : {} };
  });
  const targets = [...new Map(all.map((target) => [JSON.stringify(target), target])).values()];
  return {
    targets,
    targetOf: ({ name, labels }) => {
      const own = targets.filter((target) => target.labels[QUERY_LABEL] !== undefined);
      const brought =
        own.find((target) => target.labels[QUERY_LABEL] === labels[QUERY_LABEL]) ??
        targets.find((target) => !own.includes(target));
      // A series of a plain selector has a selector of its own; one of a function only comes with all the others.
      return brought === undefined || isSelector(brought.expression) ? name : brought.expression;
    },
  };
}

function refuseSharedNames(queries: readonly NamedQuery[]): void {
  const names = queries.flatMap(({ name }) => (name === undefined ? [] : [name]));
  const shared = names.find((name, i) => names.indexOf(name) < i);
  if (shared === undefined) return;
  throw new UsageError(
    "query",
    `--query ${shared}= is given twice; series are known by it, so give each query its own`,
  );
}

function refuseUnknown(queries: readonly NamedQuery[], variables: readonly VariableValues[]): void {
  const there = queries.flatMap(({ expression }) => [...expression.matchAll(VARIABLE)].map(([, , , name]) => name));
  const unknown = variables.find(({ name }) => !there.includes(name));
  if (unknown === undefined) return;
  throw new UsageError(
    "var",
    `--var ${unknown.name}: --query has no {${unknown.name}}; write it into a matcher, such as ${unknown.name}=~"{${unknown.name}}"`,
  );
}

const VARIABLE = /(=~|!~)?\s*"([^"]*)\{([A-Za-z_]\w*)\}([^"]*)"/g;

/**
 * Variables are in a regular-expression matcher, `machine=~"{machine}"`: the values of `--var`, or anything.
 *
 * @throws UsageError for one behind `=`, which would look for the pattern itself.
 */
function withVariables(query: string, variables: readonly VariableValues[]): string {
  return query.replace(VARIABLE, (_, operator: string | undefined, before: string, name: string, after: string) => {
    if (operator === undefined) {
      throw new UsageError(
        "query",
        `--query has {${name}} behind =, where it would be taken literally; write =~"${before}{${name}}${after}"`,
      );
    }
    const values = variables.find((variable) => variable.name === name)?.values ?? ["*"];
    // A backslash of the pattern is written twice inside a PromQL string.
    const patterns = values.map((value) => globSource(value, "none").replaceAll("\\", "\\\\"));
    const pattern = patterns.length === 1 ? patterns[0] : `(${patterns.join("|")})`;
    return `${operator}"${before}${pattern}${after}"`;
  });
}
