import type { Problem } from "../../anomalies/detect.js";
import type { Model } from "../../model/model.js";
import { type Series, seriesKey } from "../../series/series.js";
import { globToRegExp } from "../../sources/glob.js";
import type { VariableValues } from "../options/parsers.js";

/**
 * The series that the model knows, that were asked for, and of which the source has nothing at all. A glob only matches
 * what is still there: without this a machine that is gone would be gone from the report too.
 *
 * @param variables what `--var` limits the run to; a label without a variable is not limited.
 */
export function missingSeries(
  model: Model,
  fetched: readonly Series[],
  problems: readonly Problem[],
  variables: readonly VariableValues[],
): readonly Problem[] {
  const there = new Set([...fetched, ...problems].map(({ labels }) => seriesKey(labels)));
  const limits = variables.map(({ name, values }) => ({ name, patterns: values.map((v) => globToRegExp(v, "/")) }));
  return model.series.flatMap(({ name, labels }) => {
    if (there.has(seriesKey(labels))) return [];
    const asked = limits.every(({ name: label, patterns }) => {
      const value = labels[label];
      return value === undefined || patterns.some((pattern) => pattern.test(value));
    });
    const reason = "the model was trained on it, and the source has no series of that name";
    return asked ? [{ labels, expression: name, kind: "no_data" as const, reason }] : [];
  });
}
