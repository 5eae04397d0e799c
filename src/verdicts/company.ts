import type { AnomalyRecord } from "../records/record.js";
import { seriesKey } from "../series/series.js";
import { MINUTE_MS } from "../time/duration.js";

/** Alarms of a machine that are no further apart are taken for one problem. */
const TOGETHER_MS = 10 * MINUTE_MS;

/** What of a record says whether it has company. */
export type Accompanied = Pick<AnomalyRecord, "machine" | "labels" | "alerted_at" | "end">;

/** Whether other series of a record's machine alarmed with it. */
export type Company = (record: Accompanied) => boolean;

/**
 * Company among records: another series of the same machine was alarming within ten minutes of the moment the record alarmed. A record without a
 * machine has none.
 *
 * @param records of all series, in any order.
 */
export function companyAmong(records: readonly Accompanied[]): Company {
  // Made for the first question: without false alarms nobody asks.
  let byMachine: ReadonlyMap<string, readonly Alarming[]> | undefined;
  return ({ machine, labels, alerted_at }) => {
    byMachine ??= alarmsByMachine(records);
    const key = seriesKey(labels);
    const alertedMs = Date.parse(alerted_at);
    return (byMachine.get(machine) ?? []).some(
      (other) =>
        other.key !== key && other.fromMs <= alertedMs + TOGETHER_MS && other.untilMs >= alertedMs - TOGETHER_MS,
    );
  };
}

interface Alarming {
  readonly key: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

function alarmsByMachine(records: readonly Accompanied[]): ReadonlyMap<string, readonly Alarming[]> {
  const byMachine = new Map<string, Alarming[]>();
  for (const { machine, labels, alerted_at, end } of records) {
    if (machine === "") continue;
    const own = { key: seriesKey(labels), fromMs: Date.parse(alerted_at), untilMs: Date.parse(end) };
    const others = byMachine.get(machine);
    if (others === undefined) byMachine.set(machine, [own]);
    else others.push(own);
  }
  return byMachine;
}
