import { templateVariables } from "../sources/template.js";
import { chosenValue, type DashboardVariables, optionsOf, replaceVariables } from "./dashboard-variables.js";

/** A query of a panel as settings of a job. */
export interface JobQuery {
  readonly text: string;
  /** `--var`: the values of the variables whose values are known. */
  readonly values: readonly string[];
}

const GRAPHITE_BUILT_IN: Readonly<Record<string, string>> = {
  __interval: "1min",
  __rate_interval: "5min",
  __range: "1h",
  interval: "1min",
};
/** Names that people give to variables of machines, and of what is measured on them. */
const MACHINE = /^(machines?|hosts?|hostnames?|servers?|instances?|nodes?|pods?|vms?)(_?name)?$/i;
const AGGREGATOR = /^(agg|aggregators?|metrics?|measures?|gauges?|counters?|kinds?|types?|names?)$/i;
const NONE: DashboardVariables = new Map();

/** A variable or a `*` as one whole node of a path, or the variable of a tag. */
const OPEN = /\{([A-Za-z_]\w*)\}|(?<=^|[.(,\s])\*(?=[.),\s]|$)/g;

/**
 * `statsd.$server.lag.*` → `statsd.{machine}.lag.{aggregator}`. Names that say what they are decide (`$host`, `$agg`); of the rest the
 * first is the machine and the next after it the aggregator. A variable that has one value only (a constant) is that value.
 */
export function graphiteQuery(target: string, variables: DashboardVariables = NONE): JobQuery {
  const named = replaceVariables(target, (name) => {
    const variable = variables.get(name);
    const values = variable === undefined ? [] : optionsOf(variable);
    const fixed = variable === undefined || values.length > 1 ? undefined : chosenValue(variable);
    const isSpan = variable?.type === "interval";
    // Graphite's minute is `min`; its `m` is refused.
    if (isSpan) return fixed?.replace(/^(\d+)m$/, "$1min") ?? "1min";
    return fixed ?? GRAPHITE_BUILT_IN[name] ?? `{${name}}`;
  });
  // A tag that is any of several values needs Graphite's operator for patterns.
  const open = named.replace(/((?<=['"])[^'"=!~]+)=(?=\{[A-Za-z_]\w*\}['"])/g, "$1=~");
  const { text, renamed } = withLabels(open);
  const values = [...renamed].flatMap(([name, label]) => {
    const variable = variables.get(name);
    const options = variable === undefined ? [] : optionsOf(variable);
    return options.length === 0 ? [] : [`${label}=${options.join(",")}`];
  });
  return { text, values };
}

/** Which variables and stars become `{machine}` and `{aggregator}`. */
function withLabels(text: string): { readonly text: string; readonly renamed: ReadonlyMap<string, string> } {
  const places = [...text.matchAll(OPEN)].map(([, name], at) => ({ name, at }));
  const machine = places.find(({ name }) => name === "machine" || (name !== undefined && MACHINE.test(name)));
  const aggregator = places.find(({ name }) => name === "aggregator" || (name !== undefined && AGGREGATOR.test(name)));
  const isFree = ({ name, at }: (typeof places)[number], other: (typeof places)[number] | undefined) =>
    other === undefined || (at !== other.at && (name === undefined || name !== other.name));
  const first = machine ?? places.find((place) => isFree(place, aggregator));
  const rest = places.filter((place) => isFree(place, first));
  const second = aggregator ?? rest.find(({ at }) => first !== undefined && at > first.at) ?? rest[0];
  const labels = [
    [first, "machine"],
    [second, "aggregator"],
  ] as const;
  const renamed = new Map(templateVariables(text).map((name) => [name, name]));
  for (const [place, label] of labels) if (place?.name !== undefined) renamed.set(place.name, label);
  let at = -1;
  const written = text.replace(OPEN, (whole, name?: string) => {
    at++;
    if (name !== undefined) return `{${renamed.get(name) ?? name}}`;
    const label = labels.find(([place]) => place?.at === at)?.[1];
    return label === undefined ? whole : `{${label}}`;
  });
  return { text: written, renamed };
}

const PROMQL_BUILT_IN: Readonly<Record<string, string>> = {
  __interval: "5m",
  __rate_interval: "5m",
  __range: "1h",
  __interval_ms: "300000",
  __range_s: "3600",
};
const MATCHER = /(=~|!~|!=|=)\s*"((?:\\.|[^"\\])*)"/g;

/**
 * Variables of PromQL become variables of a matcher, which must then be a pattern: `job="$job"` → `job=~"{job}"`. Elsewhere a variable is
 * the value that it has now.
 *
 * @returns undefined where there is no such value, or where a matcher excludes whatever a variable may be.
 */
export function promqlQuery(expression: string, variables: DashboardVariables = NONE): JobQuery | undefined {
  const values = new Map<string, readonly string[]>();
  let isKnown = true;
  const valueNow = (name: string, written: string) => {
    const variable = variables.get(name);
    const value = PROMQL_BUILT_IN[name] ?? (variable === undefined ? undefined : chosenValue(variable));
    if (value === undefined) isKnown = false;
    return value ?? written;
  };
  const inMatchers = expression.replace(MATCHER, (whole: string, operator: string, text: string) => {
    let isOpen = false;
    const named = replaceVariables(text, (name, written) => {
      const variable = variables.get(name);
      const options = variable === undefined ? [] : optionsOf(variable);
      if (PROMQL_BUILT_IN[name] !== undefined) return PROMQL_BUILT_IN[name];
      if (options.length === 0 && variable !== undefined && chosenValue(variable) !== undefined)
        return valueNow(name, written);
      if (options.length > 0) values.set(name, options);
      // Without values it is anything, and nothing is left when that is excluded.
      else if (operator.startsWith("!")) isKnown = false;
      isOpen = true;
      return `{${name}}`;
    });
    if (!isOpen) return named === text ? whole : `${operator}"${named}"`;
    return `${operator.startsWith("!") ? "!~" : "=~"}"${named}"`;
  });
  // What is in quotation marks is done; braces around matchers are no variables.
  const written = replaceVariables(inMatchers, valueNow);
  if (!isKnown) return undefined;
  return { text: written, values: [...values].map(([name, list]) => `${name}=${list.join(",")}`) };
}
