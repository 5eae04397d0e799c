import { type Labels, seriesKey } from "./series.js";

/** A series, or what is about one. */
export interface Named {
  readonly machine: string;
  readonly aggregator: string;
  readonly labels: Labels;
}

/**
 * The names of the labels that distinguish series of the same machine and aggregator, as few as do; sorted. Empty where machine
 * and aggregator say it all.
 *
 * In each such group the label with the most values is taken first, the first by name of equals, until no two series look alike.
 *
 * @example eight CPU modes of web1: ["mode"], also where each has a label `mode_id` of its own
 */
export function tellingLabels(all: readonly Named[]): readonly string[] {
  const groups = new Map<string, Map<string, Labels>>();
  for (const { machine, aggregator, labels } of all) {
    const name = JSON.stringify([machine, aggregator]);
    const members = groups.get(name);
    if (members === undefined) groups.set(name, new Map([[seriesKey(labels), labels]]));
    else members.set(seriesKey(labels), labels);
  }
  const telling = new Set<string>();
  for (const members of groups.values()) {
    if (members.size > 1) for (const name of tellingApart([...members.values()])) telling.add(name);
  }
  return [...telling].sort();
}

function tellingApart(series: readonly Labels[]): readonly string[] {
  const names = [...new Set(series.flatMap((labels) => Object.keys(labels)))].sort();
  const chosen: string[] = [];
  // What the chosen labels say of each series so far.
  let said = series.map(() => "");
  while (new Set(said).size < series.length) {
    const [best] = names
      .filter((name) => !chosen.includes(name))
      .map((name) => ({ name, said: said.map((text, i) => JSON.stringify([text, series[i][name] ?? null])) }))
      .map((one) => ({ ...one, different: new Set(one.said).size }))
      .sort((a, b) => b.different - a.different);
    if (best === undefined) break;
    chosen.push(best.name);
    said = best.said;
  }
  return chosen;
}

/** The labels that machine and aggregator do not say already: neither these two nor others of the same value. */
export function furtherLabels({ machine, aggregator, labels }: Named): Labels {
  return Object.fromEntries(
    Object.entries(labels).filter(
      ([name, value]) => name !== "machine" && name !== "aggregator" && value !== machine && value !== aggregator,
    ),
  );
}
