import type { Problem } from "../../anomalies/detect.js";
import type { Model } from "../../model/model.js";
import { type Series, seriesKey } from "../../series/series.js";
import type { VariableValues } from "../options/parsers.js";
import { variableFilter } from "../source/variable-filter.js";

/**
 * The series that the model knows, that were asked for, and of which the source has nothing at all. A glob only matches
 * what is still there: without this a machine that is gone would be gone from the report too.
 *
 * @param variables what `--var` limits the run to.
 */
export function missingSeries(
  model: Model,
  fetched: readonly Series[],
  problems: readonly Problem[],
  variables: readonly VariableValues[],
): readonly Problem[] {
  const there = new Set([...fetched, ...problems].map(({ labels }) => seriesKey(labels)));
  const isAsked = variableFilter(variables);
  const reason = "the model was trained on it, and the source has no series of that name";
  return model.series.flatMap(({ name, labels }) =>
    there.has(seriesKey(labels)) || !isAsked(labels)
      ? []
      : [{ labels, expression: name, kind: "no_data" as const, reason }],
  );
}
