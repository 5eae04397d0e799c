import type { Labels } from "../../series/series.js";
import { globToRegExp } from "../../sources/glob.js";
import type { VariableValues } from "../../sources/variable-values.js";

/**
 * Whether labels are among what `--var` asks for: each variable's label is one of its values, or matches one of its
 * globs. A label that the series does not have, and one without a variable, are not limited.
 */
export function variableFilter(variables: readonly VariableValues[]): (labels: Labels) => boolean {
  const limits = variables.map(({ name, values }) => ({
    name,
    // Parts between dots mean nothing inside a label's value, so `*` may cross them.
    patterns: values.map((value) => globToRegExp(value, "/")),
  }));
  return (labels) =>
    limits.every(({ name, patterns }) => {
      const value = labels[name];
      return value === undefined || patterns.some((pattern) => pattern.test(value));
    });
}
