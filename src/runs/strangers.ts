import { SourceError } from "../errors/errors.js";
import type { LoadedModel } from "../model/folder.js";
import { type Labels, type Series, seriesKey } from "../series/series.js";
import { count } from "../wording/count.js";

/**
 * A template or query that fits none of the model's series is a mistake, and no fleet of silences.
 *
 * @throws SourceError so that nothing of the run is written as if it were true.
 */
export function refuseStrangers(
  loaded: LoadedModel | undefined,
  sourceName: string,
  series: readonly Pick<Series, "labels">[],
): void {
  if (loaded === undefined) return;
  const { inventory } = loaded.model;
  if (series.length === 0 || series.some(({ labels }) => inventory.indexOf(seriesKey(labels)) !== undefined)) return;
  const [example] = inventory.series;
  throw new SourceError(
    "strangers",
    `${sourceName} answered with ${count(series.length, "series", "series")}, such as ${named(series[0].labels)}, but with none of the ` +
      `${inventory.series.length} that the model ${loaded.name} was trained on, such as ${named(example.labels)}; check --template or --query, or train a model of these series`,
  );
}

const named = ({ machine, aggregator }: Labels) =>
  [machine, aggregator].filter((label) => label !== undefined).join(" ");
