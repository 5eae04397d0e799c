import { UsageError } from "../errors/errors.js";
import { globSource, isGlob } from "./glob.js";
import type { Target } from "./source.js";
import { templateVariables } from "./template.js";

/**
 * The targets that a template stands for: one for each combination of the variables' values. A variable without values
 * becomes `*`, and a value with a glob stays one; either leaves its label open, to be read from the names that come back.
 * Behind `=~`, where Graphite's `seriesByTag` wants a regular expression, the value is written as one.
 *
 * @throws UsageError for values of a variable that the template does not have.
 * @example expandTargets("s.{machine}.lag.{aggregator}", { machine: ["n1", "n2"] })
 * // [{ expression: "s.n1.lag.*", labels: { machine: "n1" } }, { expression: "s.n2.lag.*", labels: { machine: "n2" } }]
 */
export function expandTargets(template: string, variables: Readonly<Record<string, readonly string[]>>): Target[] {
  const names = templateVariables(template);
  for (const [name, values] of Object.entries(variables)) {
    if (values.length === 0 || names.includes(name)) continue;
    const has = names.length === 0 ? "no variables" : names.map((other) => `{${other}}`).join(" and ");
    throw new UsageError(
      "template",
      `values for ${name} were given, but the template "${template}" has ${has}; add {${name}} to it or drop them`,
    );
  }
  let targets: Target[] = [{ expression: template, labels: {} }];
  for (const name of names) {
    const values = variables[name] ?? [];
    const choices = values.length === 0 ? ["*"] : [...new Set(values)];
    targets = targets.flatMap(({ expression, labels }) =>
      choices.map((value) => ({
        expression: expression
          .replaceAll(`=~{${name}}`, () => `=~${tagPattern(value)}`)
          .replaceAll(`{${name}}`, () => value),
        labels: isGlob(value) ? labels : { ...labels, [name]: value },
      })),
    );
  }
  return targets;
}

/** Any value, but one: Graphite refuses a search by patterns alone that a series without the tag would fit, too. */
const tagPattern = (value: string) => (value === "*" ? ".+" : globSource(value, "none"));
