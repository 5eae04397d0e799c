import { count } from "./count.js";

/** `cpu=0 mode=idle`: the labels of these names, in their order; by default all, by name. Empty where there are none. */
export function labelWords(labels: Readonly<Record<string, string>>, names = Object.keys(labels).sort()): string {
  return names.flatMap((name) => (labels[name] === undefined ? [] : [`${name}=${labels[name]}`])).join(" ");
}

/** The aggregator with the labels that distinguish its series: `node_cpu mode=idle`; of a group its size: `6 series`. */
export function aggregatorWords(
  {
    aggregator,
    labels,
    member_count,
  }: {
    readonly aggregator: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly member_count?: number;
  },
  telling: readonly string[],
): string {
  if (member_count !== undefined) {
    const own = Object.keys(labels).filter((name) => name !== "machine");
    return [count(member_count, "series"), labelWords(labels, own.sort())].filter((text) => text !== "").join(" ");
  }
  const words = labelWords(labels, [...telling]);
  return words === "" ? aggregator : `${aggregator} ${words}`;
}
