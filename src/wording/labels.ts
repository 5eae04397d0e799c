/** `cpu=0 mode=idle`: the labels of these names, in their order; by default all, by name. Empty where there are none. */
export function labelWords(labels: Readonly<Record<string, string>>, names = Object.keys(labels).sort()): string {
  return names.flatMap((name) => (labels[name] === undefined ? [] : [`${name}=${labels[name]}`])).join(" ");
}

/** The aggregator with the labels that distinguish its series: `node_cpu mode=idle`. */
export function aggregatorWords(
  { aggregator, labels }: { readonly aggregator: string; readonly labels: Readonly<Record<string, string>> },
  telling: readonly string[],
): string {
  const words = labelWords(labels, [...telling]);
  return words === "" ? aggregator : `${aggregator} ${words}`;
}
