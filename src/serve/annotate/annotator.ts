import { type Annotation, annotationOf, idTag } from "../../alert/grafana/annotation.js";
import type { GrafanaAnnotations } from "../../alert/grafana/grafana-annotations.js";
import { messageOf } from "../../errors/errors.js";
import { retryDelayMs } from "../../http/retry.js";
import type { AnomalyRecord } from "../../records/record.js";
import { DAY_MS } from "../../time/duration.js";

/** Where the episodes of a job are shown. */
export interface AnnotatedPlace {
  readonly grafana: GrafanaAnnotations;
  /** Null: not on one dashboard but on all that show the organisation's annotations. */
  readonly dashboardUid: string | null;
}

export interface AnnotatorOptions {
  /** Undefined for a job that no Grafana is known of. */
  readonly placeOf: (job: string) => AnnotatedPlace | undefined;
  readonly nowMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly random: () => number;
  readonly onOutcome: (outcome: "added" | "changed" | "failed", said: string) => void;
}

/** Keeps one annotation per episode in Grafana. */
export interface Annotator {
  /** The records of a job as they are now. */
  readonly take: (job: string, records: Iterable<AnomalyRecord>) => void;
  /** Episodes that are not as they should be in Grafana yet. */
  readonly waiting: () => number;
  /** Ends after the request that is under way. */
  readonly stop: () => void;
}

/** What was found and over before this is not put into Grafana after a restart; it is there, or nobody missed it. */
const OLD_MS = 7 * DAY_MS;
const BACK_OFF = { retries: Number.POSITIVE_INFINITY, baseMs: 2000, longestMs: 5 * 60_000 };

/**
 * Episodes wait here until Grafana has them; of one that changes meanwhile, only the newest counts. An annotation is always looked for by
 * its episode's id before it is made, so that neither a restart nor an answer that was lost makes a second one.
 */
export function annotator({ placeOf, nowMs, sleep, random, onOutcome }: AnnotatorOptions): Annotator {
  const pending = new Map<string, { readonly job: string; readonly record: AnomalyRecord }>();
  const known = new Map<string, AnomalyRecord>();
  const shown = new Map<string, string>();
  let isWorking = false;
  let isStopped = false;
  let failures = 0;

  const work = async () => {
    if (isWorking) return;
    isWorking = true;
    for (;;) {
      const [next] = pending;
      if (isStopped || next === undefined) break;
      const [key, { job, record }] = next;
      try {
        const place = placeOf(job);
        if (place !== undefined) await show(key, record, place);
        // It may have changed while it was on its way.
        if (pending.get(key)?.record === record) pending.delete(key);
        failures = 0;
      } catch (thrown) {
        onOutcome("failed", messageOf(thrown));
        // The others may be of another Grafana: the one that failed goes behind them.
        const left = pending.get(key);
        pending.delete(key);
        if (left !== undefined) pending.set(key, left);
        if (++failures >= pending.size) await sleep(retryDelayMs(BACK_OFF, failures, random));
      }
    }
    isWorking = false;
  };

  const show = async (key: string, record: AnomalyRecord, { grafana, dashboardUid }: AnnotatedPlace) => {
    const wanted = annotationOf(record);
    const signature = JSON.stringify(wanted);
    if (shown.get(key) === signature) return;
    const found = (await grafana.find(idTag(record))).find((one) => one.dashboardUid === dashboardUid);
    if (found === undefined) {
      await grafana.add(wanted, dashboardUid);
      onOutcome("added", record.id);
    } else if (!isSame(found, wanted)) {
      await grafana.change(found.id, wanted);
      onOutcome("changed", record.id);
    }
    if (record.status === "open") shown.set(key, signature);
    else shown.delete(key);
  };

  return {
    take: (job, records) => {
      const beforeMs = nowMs() - OLD_MS;
      for (const record of records) {
        const key = `${job} ${record.id}`;
        if (known.get(key) === record) continue;
        known.set(key, record);
        const isOld = Math.max(Date.parse(record.end), Date.parse(record.detected_at)) < beforeMs;
        if (record.status === "closed" && isOld) continue;
        pending.set(key, { job, record });
      }
      void work();
    },
    waiting: () => pending.size,
    stop: () => {
      isStopped = true;
    },
  };
}

function isSame(a: Annotation, b: Annotation): boolean {
  const tags = (one: Annotation) => JSON.stringify([...one.tags].sort());
  return a.time === b.time && a.timeEnd === b.timeEnd && a.text === b.text && tags(a) === tags(b);
}
