import type { AnomalyRecord } from "../../records/record.js";
import type { TimeRange } from "../../series/series.js";
import type { Findings } from "../findings.js";

/** An event as Graphite keeps it; Grafana draws it as an annotation. */
interface GraphiteEvent {
  readonly id: string;
  /** Seconds since 1970. */
  readonly when: number;
  readonly what: string;
  readonly tags: readonly string[];
  readonly data: string;
}

/** Events in one answer; the newest are given. */
const MOST_EVENTS = 1000;

/** The episodes that began in a range and have all of the tags, each as an event at its begin, the oldest first. */
export function eventsOf(
  findings: Findings,
  { startMs, endMs }: TimeRange,
  tags: readonly string[],
): readonly GraphiteEvent[] {
  const found: GraphiteEvent[] = [];
  for (const job of findings.all()) {
    for (const record of job.records()) {
      const beganMs = Date.parse(record.start);
      if (beganMs < startMs || beganMs > endMs) continue;
      const own = tagsOf(job.name, record);
      if (tags.every((tag) => own.includes(tag))) found.push(eventOf(record, own));
    }
  }
  return found.sort((a, b) => a.when - b.when).slice(-MOST_EVENTS);
}

function tagsOf(job: string, { severity, status, kind, machine, aggregator }: AnomalyRecord): readonly string[] {
  return ["anomaly", job, severity, status, kind, machine, aggregator];
}

function eventOf({ id, start, machine, aggregator, reasons, score }: AnomalyRecord, tags: readonly string[]) {
  return {
    id,
    when: Math.floor(Date.parse(start) / 1000),
    what: `${machine} ${aggregator}`,
    tags,
    data: [...reasons, `score ${score}`].join("; "),
  };
}
