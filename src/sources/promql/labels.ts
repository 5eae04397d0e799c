import type { Labels } from "../../series/series.js";
import type { ReplySeries } from "../reply-series.js";
import type { Target } from "../source.js";

/** Labels that say which machine a series is of, the likeliest first. */
const MACHINE_LABELS = ["machine", "instance", "host", "hostname", "node", "pod"];

/** Tells whose series it is where several queries are asked: its name or its expression. */
export const QUERY_LABEL = "query";

/**
 * All labels of the reply, with `machine` and `aggregator` beside them, and `query` where the target has one; undefined where
 * the target means another series.
 *
 * A label `query` that the series has already becomes `exported_query`, as Prometheus renames labels that a scrape would cover.
 *
 * @param renamed which label of the reply `machine`, `aggregator` or any other is taken from: `{ machine: "instance" }`.
 */
export function promqlLabels(
  { labels: replied = {}, name }: ReplySeries,
  target: Target,
  renamed: Labels,
): { readonly labels: Labels } | undefined {
  const own = withQuery(replied, target.labels[QUERY_LABEL]);
  const taken = Object.fromEntries(
    Object.entries(renamed).flatMap(([label, from]) => (own[from] === undefined ? [] : [[label, own[from]]])),
  );
  const first = (names: readonly string[]) => names.map((label) => own[label]).find((value) => value !== undefined);
  const labels: Labels = {
    ...own,
    machine: first(MACHINE_LABELS) ?? target.labels["machine"] ?? name,
    aggregator: own["aggregator"] ?? target.labels[QUERY_LABEL] ?? own["__name__"] ?? "value",
    ...taken,
  };
  const read = { ...labels, ...readBefore(target.labels, own) };
  // One expression gives many series; a target that was found by its labels means the one that has them, all of them.
  const isMeant = Object.entries(target.labels).every(([label, value]) => read[label] === value);
  return isMeant ? { labels: read } : undefined;
}

/** What was read before, by the labels that came: the replies of a process that lives on share them. */
const READ = new WeakMap<Labels, { readonly asked: string; readonly name: string; readonly read: Read }>();

type Read = ReturnType<typeof promqlLabels>;

/** `promqlLabels` for many replies, and for those of later runs. */
export function readLabels(renamed: Labels): (reply: ReplySeries, target: Target) => Read {
  const words = new WeakMap<Target, string>();
  return (reply, target) => {
    const asked = words.get(target) ?? JSON.stringify([target.labels, renamed]);
    words.set(target, asked);
    const { labels: own, name } = reply;
    if (own === undefined) return promqlLabels(reply, target, renamed);
    const known = READ.get(own);
    if (known?.asked === asked && known.name === name) return known.read;
    const read = promqlLabels(reply, target, renamed);
    READ.set(own, { asked, name, read });
    return read;
  };
}

/** Machine and aggregator as the target has read them from labels of other names. */
function readBefore(known: Labels, own: Labels): Labels {
  return Object.fromEntries(
    ["machine", "aggregator"].flatMap((label) =>
      known[label] === undefined || own[label] !== undefined ? [] : [[label, known[label]]],
    ),
  );
}

function withQuery(own: Labels, query: string | undefined): Labels {
  if (query === undefined || own[QUERY_LABEL] === query) return own;
  const { [QUERY_LABEL]: other, ...rest } = own;
  return { ...rest, ...(other === undefined ? {} : { [`exported_${QUERY_LABEL}`]: other }), [QUERY_LABEL]: query };
}
