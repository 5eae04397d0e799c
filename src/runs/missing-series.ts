import type { Problem } from "../anomalies/detect-request.js";
import type { Inventory } from "../series/inventory.js";
import { type Series, seriesKey } from "../series/series.js";
import { couldBring, covers, type Question } from "../sources/could-bring.js";
import type { VariableValues } from "../sources/variable-values.js";
import { variableFilter } from "./source/variable-filter.js";

/**
 * The problems of the fetch, completed by the series that the model knows, that were requested, and that did not come. A
 * glob only matches what is still there: without this a machine that is gone would be gone from the report too.
 *
 * A glob that failed stands for every series it could have brought: they are reported one by one, as failed and not as
 * missing at the source, and the glob itself is not counted among the series any more.
 *
 * @param variables what `--var` limits the run to. @param question only a series that its targets could bring can be missing.
 */
export function withMissingSeries(
  inventory: Pick<Inventory, "series">,
  fetched: readonly Series[],
  problems: readonly Problem[],
  variables: readonly VariableValues[],
  question: Question,
): readonly Problem[] {
  const there = new Set([...fetched, ...problems].map(({ labels }) => seriesKey(labels)));
  const isAsked = variableFilter(variables);
  const told = new Set<Problem>();
  const missing = inventory.series.flatMap(({ name, labels }): readonly Problem[] => {
    if (there.has(seriesKey(labels)) || !isAsked(labels) || !couldBring(question, labels)) return [];
    const covering = problems.filter((glob) => covers(glob.labels, labels));
    for (const glob of covering) told.add(glob);
    // Where one glob failed and another found nothing, it is not known what is at the source.
    const failure = covering.find(({ kind }) => kind === "failed");
    return [
      failure === undefined
        ? { labels, expression: name, kind: "no_data", reason: GONE }
        : { labels, expression: name, kind: "failed", reason: failure.reason },
    ];
  });
  return [...problems.filter((problem) => !told.has(problem)), ...missing];
}

const GONE = "the model was trained on it, and the source has no series of that name";
