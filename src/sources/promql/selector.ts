import type { Labels } from "../../series/series.js";

const MATCHER = String.raw`[A-Za-z_]\w*\s*(?:=~|!~|!=|=)\s*(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\`[^\`]*\`)`;
const SELECTOR = new RegExp(
  String.raw`^\s*(?:[A-Za-z_:][\w:]*\s*(?:\{\s*(?:${MATCHER}\s*,?\s*)*\})?|\{\s*(?:${MATCHER}\s*,?\s*)+\})\s*$`,
);

/**
 * Whether an expression is a plain selector, `up`, `lag{machine="n1"}` or `{__name__=~"lag_.*"}`: its series are stored
 * samples with times of their own, and not the result of functions, which has none.
 */
export function isSelector(expression: string): boolean {
  return SELECTOR.test(expression);
}

/**
 * The selector of exactly one series, by all its labels in order of their names.
 *
 * @example selectorOf({ __name__: "lag", machine: "n1" }) // lag{machine="n1"}
 */
export function selectorOf({ __name__: metric, ...labels }: Labels): string {
  // Newer servers allow any text as a name; it can then only be written as a label.
  const plain = metric === undefined || /^[A-Za-z_:][\w:]*$/.test(metric);
  const written: Labels = plain ? labels : { __name__: metric, ...labels };
  const matchers = Object.keys(written)
    .sort()
    .map((name) => `${name}=${JSON.stringify(written[name])}`);
  const head = plain ? (metric ?? "") : "";
  return matchers.length === 0 && head !== "" ? head : `${head}{${matchers.join(",")}}`;
}

/** The metric's name that a selector says outright; undefined where it is left to a matcher. */
export function metricOf(selector: string): string | undefined {
  return /^\s*([A-Za-z_:][\w:]*)/.exec(selector)?.[1];
}

const ONE_MATCHER = /([A-Za-z_]\w*)\s*(=~|!~|!=|=)\s*(?:"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|`([^`]*)`)/g;

/**
 * Whether a plain selector selects a series of these labels. A label that is not there is an empty one, as in PromQL; a pattern
 * that JavaScript cannot read selects everything.
 */
export function selects(selector: string, labels: Labels): boolean {
  const metric = metricOf(selector);
  if (metric !== undefined && labels["__name__"] !== metric) return false;
  return [...selector.matchAll(ONE_MATCHER)].every(([, name, operator, double, single, raw]) => {
    const wanted = raw ?? (double ?? single).replace(/\\(.)/g, "$1");
    const value = labels[name] ?? "";
    if (operator === "=" || operator === "!=") return (value === wanted) === (operator === "=");
    return (patternOf(wanted)?.test(value) ?? operator === "=~") === (operator === "=~");
  });
}

function patternOf(text: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${text})$`);
  } catch {
    return undefined;
  }
}
