import type { Labels } from "../series/series.js";
import { isSelector, selects } from "./promql/selector.js";
import type { Target } from "./source.js";
import { templateVariables } from "./template.js";

/** What is asked of a source. */
export interface Question {
  readonly targets: readonly Target[];
  /** Graphite: how its names become labels. */
  readonly template?: string;
  /** Whether the expressions are PromQL. */
  readonly isPromql: boolean;
}

/**
 * Whether an answer can hold a series of these labels. One that no target can bring is not missing where it does not come.
 *
 * Where it is not known (what a function returns has labels of its own) the answer is yes.
 */
export function couldBring({ targets, template, isPromql }: Question, labels: Labels): boolean {
  if (template !== undefined && !couldRead(template, labels)) return false;
  return targets.some(
    ({ expression, labels: fixed }) =>
      covers(fixed, labels) && (!isPromql || !isSelector(expression) || selects(expression, labels)),
  );
}

/** Whether the labels that a target fixes are those of the series; a target of nothing but globs fixes none. */
export function covers(target: Labels, series: Labels): boolean {
  return Object.entries(target).every(([name, value]) => series[name] === value);
}

/** A series has the labels of the template's variables, and where it has no aggregator the aggregator `value`. */
function couldRead(template: string, labels: Labels): boolean {
  const variables = templateVariables(template);
  if (!variables.every((name) => labels[name] !== undefined)) return false;
  return Object.entries(labels).every(
    ([name, value]) => variables.includes(name) || name === "machine" || (name === "aggregator" && value === "value"),
  );
}
