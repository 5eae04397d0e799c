import type { Labels } from "../series/series.js";

/** Labels that say which machine a series is of, the likeliest first: those of the other sources, and `server`. */
const MACHINE_LABELS = ["machine", "instance", "host", "hostname", "node", "server", "pod"];
const PAIR = /\s*([A-Za-z_][\w.-]*)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^",=(){}]*))\s*(?:,|$)/y;

/**
 * The labels that are in a name as `metric(device=eth0,host=x)` or `metric{device="eth0",host="x"}`, with `machine` where one
 * of them names it and the metric as `aggregator`; undefined where the name is anything else, such as a function of Graphite.
 *
 * @example taggedName("net(device=eth0,host=x)") // { device: "eth0", host: "x", machine: "x", aggregator: "net" }
 */
export function taggedName(name: string): Labels | undefined {
  const match = /^\s*([^\s(){}",=]*)\s*(?:\((.*)\)|\{(.*)\})\s*$/s.exec(name);
  if (match === null) return undefined;
  const [, metric, inParentheses, inBraces] = match;
  const list = inParentheses ?? inBraces;
  const labels: Record<string, string> = {};
  let at = 0;
  while (at < list.length) {
    PAIR.lastIndex = at;
    const pair = PAIR.exec(list);
    if (pair === null) return undefined;
    const [whole, key, quoted, plain] = pair;
    labels[key] = quoted === undefined ? plain.trim() : quoted.replace(/\\(.)/gs, "$1");
    at += whole.length;
  }
  if (at === 0) return undefined;
  const machine = MACHINE_LABELS.map((key) => labels[key]).find((value) => value !== undefined);
  return {
    ...(metric === "" ? {} : { aggregator: metric }),
    ...labels,
    ...(machine === undefined ? {} : { machine }),
  };
}
