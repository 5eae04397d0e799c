/** Labels that machines are known by, the likeliest first. */
export const MACHINE_LABELS = ["machine", "instance", "host", "hostname", "server", "node", "pod"] as const;

/**
 * The label that machines differ in: the first that has several values, else the first that is there at all.
 *
 * @param values how many values each label has among the metrics.
 */
export function machineLabel(values: ReadonlyMap<string, number>): string | undefined {
  const withAtLeast = (least: number) => MACHINE_LABELS.find((label) => (values.get(label) ?? 0) >= least);
  return withAtLeast(2) ?? withAtLeast(1);
}
