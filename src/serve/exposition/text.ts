/*
 * The text format of Prometheus, version 0.0.4: https://prometheus.io/docs/instrumenting/exposition_formats/. Ten thousand series with
 * five metrics each and a time of their own are written by this and not by a client library: prom-client cannot give times.
 */

export type MetricType = "gauge" | "counter";

/** The two lines above a metric's samples. */
export function headOf(name: string, type: MetricType, help: string): string {
  return `# HELP ${name} ${help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")}\n# TYPE ${name} ${type}\n`;
}

/** One sample; no time is the time of the scrape. */
export function sampleLine(name: string, labels: string, value: number, timeMs?: number): string {
  return `${name}${labels} ${numberText(value)}${timeMs === undefined ? "" : ` ${timeMs}`}\n`;
}

/** Labels in braces, empty for none. Names must be valid ones. */
export function labelText(labels: Iterable<readonly [name: string, value: string]>): string {
  const parts: string[] = [];
  for (const [name, value] of labels) parts.push(`${name}="${escapeValue(value)}"`);
  return parts.length === 0 ? "" : `{${parts.join(",")}}`;
}

/** A label value between quotes. */
export function escapeValue(value: string): string {
  return /[\\"\n]/.test(value) ? value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n") : value;
}

/** A number as Prometheus reads it. */
export function numberText(value: number): string {
  if (Number.isFinite(value)) return `${value}`;
  return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
}

/** The nearest valid name of a label: `[a-zA-Z_][a-zA-Z0-9_]*`; two underscores in front are Prometheus's own. */
export function labelName(name: string): string {
  const valid = name.replace(/[^a-zA-Z0-9_]/g, "_").replace(/^(?=[0-9])/, "_");
  return valid.startsWith("__") ? valid.replace(/^_+/, "_") : valid === "" ? "_" : valid;
}
