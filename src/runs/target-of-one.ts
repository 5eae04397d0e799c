import type { Series } from "../series/series.js";
import { covers } from "../sources/could-bring.js";
import { QUERY_LABEL } from "../sources/promql/labels.js";
import type { Target } from "../sources/source.js";
import type { OpenedSource } from "./source/opened.js";

/** What fetches one series again. Where a query brings several series, it is the server that gives their labels. */
export function targetOfOne(
  { targets, template, source, targetOf }: OpenedSource,
  { name, labels }: Pick<Series, "name" | "labels">,
): Target {
  const expression = targetOf({ name, labels });
  const isOne = template !== undefined || source.kind === "csv";
  // A query that says whose its series are does so for the one that is fetched by itself, too.
  const ofQuery = targets.find((target) => target.labels[QUERY_LABEL] === (labels[QUERY_LABEL] ?? null));
  return (
    targets.find((target) => target.expression === expression && covers(target.labels, labels)) ?? {
      expression,
      labels: isOne ? labels : (ofQuery?.labels ?? {}),
    }
  );
}
