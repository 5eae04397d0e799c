import { type Labels, seriesKey } from "../series/series.js";

/**
 * The labels that a series shares with its group; undefined where it lacks one of them, and is in no group.
 *
 * @example groupLabels({ machine: "web1", mode: "idle" }, ["machine"]) // { machine: "web1" }
 */
export function groupLabels(labels: Labels, by: readonly string[]): Labels | undefined {
  if (by.length === 0 || by.some((name) => !Object.hasOwn(labels, name))) return undefined;
  return Object.fromEntries(by.toSorted().map((name) => [name, labels[name]]));
}

/** Those of one group together, in the order of the groups' keys; what is in no group is left out. */
export function byGroup<T extends { readonly labels: Labels }>(
  all: readonly T[],
  by: readonly string[],
): readonly { readonly key: string; readonly labels: Labels; readonly members: readonly T[] }[] {
  const groups = new Map<string, { readonly key: string; readonly labels: Labels; readonly members: T[] }>();
  for (const one of all) {
    const labels = groupLabels(one.labels, by);
    if (labels === undefined) continue;
    const key = seriesKey(labels);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { key, labels, members: [one] });
    else known.members.push(one);
  }
  return [...groups.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}
