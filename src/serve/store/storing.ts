import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../../errors/errors.js";
import type { AnomalyRecord } from "../../records/record.js";
import { recordEpisodes } from "../../store/episodes.js";
import { type Retention, retain } from "../../store/retention.js";
import type { Store } from "../../store/store.js";
import { takeVerdictLines } from "../../store/verdict-lines.js";
import { takeTurns } from "../../threads/turns.js";
import { HOUR_MS } from "../../time/duration.js";
import { formatUtc } from "../../time/format.js";
import type { FinishedRun } from "../after-run.js";
import type { JobFindings } from "../findings.js";
import type { House, Room } from "../room.js";

/** Rows of one transaction: the embedded database writes them within a few milliseconds, in the thread that answers. */
const PIECE_RECORDS = 50;
/** How often what is too old is dropped. */
const RETAIN_MS = HOUR_MS;

/** The room that puts what runs find into the store: episodes with what changed of them, and how each run went. */
export function storing({ afterRuns, findings, store, jobs, nowMs, log }: House, retention: Retention): Room {
  // Jobs whose records the store has seen whole since this process began: of others it may have missed changes.
  const inStep = new Set<string>();
  afterRuns.add("store", async (run) => {
    const { job, changed } = run;
    const wasInStep = inStep.delete(job);
    await recordPieces(store, wasInStep ? changed : [...run.records()], nowMs);
    const found = findings.get(job);
    if (found !== undefined) await recordRun(store, run, found);
    inStep.add(job);
  });
  let timer: NodeJS.Timeout | undefined;
  const keepSmall = () =>
    retain(store, retention, nowMs()).catch((thrown) =>
      log("error", `the store keeps what is too old: ${messageOf(thrown)}`),
    );
  return {
    start: () => {
      for (const stateDir of new Set(jobs().map((served) => served.stateDir))) {
        takeOldVerdicts(store, stateDir).catch((thrown) => log("warn", messageOf(thrown)));
      }
      void keepSmall();
      timer = setInterval(keepSmall, RETAIN_MS);
    },
    close: async () => clearInterval(timer),
  };
}

/** Puts records into the store, so that others may answer and write in between. */
export async function recordPieces(
  store: Store,
  records: readonly AnomalyRecord[],
  nowMs: () => number,
): Promise<void> {
  const turns = takeTurns();
  for (let at = 0; at < records.length; at += PIECE_RECORDS) {
    await store.transaction((transaction) =>
      recordEpisodes(transaction, records.slice(at, at + PIECE_RECORDS), nowMs()),
    );
    await turns.pause();
  }
}

async function recordRun(store: Store, run: FinishedRun, { health, report, seriesCount }: JobFindings): Promise<void> {
  const { job, atMs, failure } = run;
  const ended_at = formatUtc(atMs);
  const row = {
    id: `${job}@${ended_at}`,
    job,
    started_at: formatUtc(health.startedMs ?? atMs),
    ended_at,
    from: null,
    until: failure === null && report !== null ? formatUtc(report.untilMs) : null,
    series: seriesCount,
    episodes: run.changed.length,
    failure,
  };
  await store.transaction((transaction) => transaction.put("runs", row));
}

/** Verdicts that were given before there was a store; each is taken once. The file stays as it is. */
async function takeOldVerdicts(store: Store, stateDir: string): Promise<void> {
  const path = join(stateDir, "verdicts.ndjson");
  if (!existsSync(path)) return;
  const text = readFileSync(path, "utf8");
  // What follows the last line feed was never confirmed.
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  await store.transaction((transaction) => takeVerdictLines(transaction, whole, path));
}
