import type { AnomalyRecord, HydratedRecord, Hydration } from "../records/record.js";
import { formatUtc } from "../time/format.js";
import type { ChangeRow, EpisodeRow } from "./rows.js";
import type { Reading, Transaction } from "./store.js";

type AnyRecord = AnomalyRecord | HydratedRecord;

const LONGEST_NAME = 1000;
const SEVERITIES = ["low", "medium", "high", "critical"] as const;
/** What `hydrate` adds. */
const HYDRATED: Readonly<Record<keyof Hydration, true>> = {
  max_value: true,
  avg_value: true,
  valid_pct: true,
  min_value: true,
  p50_value: true,
  p95_value: true,
  baseline_value: true,
  last_good_value: true,
  last_good_at: true,
  duration_so_far_s: true,
  window: true,
  context: true,
  history: true,
  hydrate_error: true,
};
/** Arrays of a day and of weeks: large, and `hydrate` can fetch them again. */
const LEFT_OUT = ["context", "history"] as const;

/**
 * Brings episodes up to date in the store and writes what has changed of each into its history.
 *
 * @returns the changes, those of one episode in their order; none for records that are there already.
 */
export async function recordEpisodes(
  transaction: Transaction,
  records: readonly AnyRecord[],
  nowMs: number,
): Promise<readonly ChangeRow[]> {
  const changes: ChangeRow[] = [];
  for (const record of records) {
    const stored = await transaction.get("episodes", record.id);
    const row = episodeRow(record, stored, nowMs);
    if (stored !== undefined && isSame(stored, row)) continue;
    await transaction.put("episodes", row);
    const found = changesOf(stored, row);
    if (found.length === 0) continue;
    let number = stored === undefined ? 0 : (await historyOf(transaction, record.id)).length;
    for (const change of found) {
      // Numbered within the episode, so that changes of one moment stay in order.
      const id = `${record.id}-${String(++number).padStart(4, "0")}`;
      const made: ChangeRow = { id, episode: record.id, at: formatUtc(nowMs), ...change };
      await transaction.put("changes", made);
      changes.push(made);
    }
  }
  return changes;
}

/** The record of a stored episode as it was written last; `context` and `history` are not kept. */
export function recordOf(row: EpisodeRow): AnomalyRecord {
  return row.record as unknown as AnomalyRecord;
}

/** What has happened to an episode, oldest first. */
export function historyOf(reading: Reading, episode: string): Promise<readonly ChangeRow[]> {
  return reading.find("changes", { where: { episode } });
}

function episodeRow(record: AnyRecord, stored: EpisodeRow | undefined, nowMs: number): EpisodeRow {
  const { id, job = null, kind, severity, status, start, end } = record;
  const kept = Object.fromEntries(Object.entries(record).filter(([name]) => !LEFT_OUT.some((one) => one === name)));
  // What `hydrate` has added goes with its own window, so it stays true while the episode continues.
  const hydrated = Object.entries(stored?.record ?? {}).filter(([name]) => name in HYDRATED);
  const now = formatUtc(nowMs);
  return {
    id,
    job,
    machine: columnText(record.machine),
    kind,
    severity,
    status,
    start,
    end,
    found_at: stored?.found_at ?? now,
    updated_at: now,
    record: { ...Object.fromEntries(hydrated), ...kept },
  };
}

/** What databases take for a name that is looked for; the record has it as it is. */
function columnText(text: string): string {
  return text.slice(0, LONGEST_NAME).replace(/\0|[\uD800-\uDFFF]/gu, "\uFFFD");
}

/** The same but for when it was found. */
function isSame(stored: EpisodeRow, row: EpisodeRow): boolean {
  const bare = ({ record }: EpisodeRow) =>
    JSON.stringify(
      Object.entries(record)
        .filter(([name, value]) => name !== "detected_at" && value !== undefined)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  return bare(stored) === bare(row);
}

type Change = Pick<ChangeRow, "change" | "was" | "now">;

function changesOf(stored: EpisodeRow | undefined, row: EpisodeRow): readonly Change[] {
  if (stored === undefined) {
    const opened: Change = { change: "opened", was: null, now: row.severity };
    return row.status === "open" ? [opened] : [opened, { change: "closed", was: "open", now: row.end }];
  }
  const changes: Change[] = [];
  if (stored.status === "closed" && row.status === "open")
    changes.push({ change: "reopened", was: stored.end, now: null });
  if (stored.kind !== row.kind) changes.push({ change: "kind_changed", was: stored.kind, now: row.kind });
  if (stored.severity !== row.severity) {
    const isWorse = SEVERITIES.indexOf(row.severity) > SEVERITIES.indexOf(stored.severity);
    changes.push({ change: isWorse ? "severity_raised" : "severity_lowered", was: stored.severity, now: row.severity });
  }
  const [before, after] = [stored, row].map(({ record }) => adjustedBy(record));
  if (before !== after) changes.push({ change: "adjusted", was: before, now: after });
  if (stored.status === "open" && row.status === "closed")
    changes.push({ change: "closed", was: "open", now: row.end });
  return changes;
}

/** What changed an episode besides its values, such as a verdict on an earlier one. */
function adjustedBy(record: Readonly<Record<string, unknown>>): string | null {
  const by = record["adjusted_by"];
  return by === undefined || by === null ? null : JSON.stringify(by);
}
