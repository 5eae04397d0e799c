import type { Labels } from "../series/series.js";

/**
 * The members of a group by what distinguishes them: the values of the labels that are not the group's own and that they do not all
 * share, else the name at the source.
 *
 * @example of `{machine: "web1"}`: ["requests", "p95_latency"] for two series that differ in the label aggregator
 */
export function memberNames(
  members: readonly { readonly series: string; readonly labels: Labels }[],
  group: Labels,
): readonly string[] {
  const names = [...new Set(members.flatMap(({ labels }) => Object.keys(labels)))]
    .filter((name) => !Object.hasOwn(group, name))
    .filter((name) => members.length === 1 || new Set(members.map(({ labels }) => labels[name])).size > 1)
    .sort();
  const said = members.map(({ labels }) => names.flatMap((name) => labels[name] ?? []).join(" "));
  const isTelling = new Set(said).size === members.length && said.every((text) => text !== "");
  return isTelling ? said : members.map(({ series }) => series);
}
