import type { AnomalyRecord } from "../../records/record.js";

/** A region on Grafana's time axis, as its API takes it. */
export interface Annotation {
  /** Epoch ms. */
  readonly time: number;
  readonly timeEnd: number;
  readonly tags: readonly string[];
  readonly text: string;
}

/** Grafana's tables hold no longer tags. */
const LONGEST_TAG = 100;

/** What finds an episode's annotation again. */
export const idTag = ({ id }: Pick<AnomalyRecord, "id">) => `anomaly-id:${id}`;

/** An episode as an annotation; its tags are the labels of the series, the job, the severity and the id. */
export function annotationOf(record: AnomalyRecord): Annotation {
  const { kind, severity, series, reasons, job, labels, status } = record;
  const own = Object.entries(labels).map(([name, value]) => `${name}:${value}`);
  const tags = ["anomaly", idTag(record), `severity:${severity}`, `kind:${kind}`, ...own];
  if (typeof job === "string") tags.push(`job:${job}`);
  const why = reasons.length === 0 ? "" : `: ${reasons.join("; ")}`;
  return {
    time: Date.parse(record.start),
    timeEnd: Date.parse(record.end),
    tags: tags.filter((tag) => tag.length <= LONGEST_TAG),
    text: asText(`${kind} (${severity}${status === "open" ? ", still open" : ""}) ${series}${why}`),
  };
}

/** Grafana shows texts as HTML. */
function asText(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
