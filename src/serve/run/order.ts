import type { KnownEvent } from "../../records/known-event.js";
import type { AnomalyRecord } from "../../records/record.js";
import type { StateTotals } from "../../records/status.js";
import type { Job } from "../../runs/job.js";
import type { JudgedEpisode } from "../../verdicts/judged.js";
import type { Queued, QueueSpec } from "../write/write-queues.js";
import type { FiguresPiece, NamesPiece } from "./series-table.js";

/** A job with where its results are kept. */
export interface ServedJob {
  readonly job: Job & { readonly name: string };
  readonly everyMs: number;
  /** The records file, as `infer -o` names it. */
  readonly records: string;
  readonly states: string;
  readonly stateDir: string;
  readonly keepMs: number;
  /** Age of the newest version of its model at which a challenger is trained; null: never. */
  readonly retrainMs: number | null;
  /** The Grafana dashboard that shows its episodes; null: none is known. */
  readonly dashboardUid: string | null;
}

/** An order to the thread that runs jobs. */
export type Order =
  | {
      readonly kind: "run";
      readonly served: ServedJob;
      readonly mostWarmBytes: number | null;
      /** Where newly scored slots are queued for remote write; null: nowhere. */
      readonly queues: QueueSpec | null;
      readonly events: readonly KnownEvent[];
      readonly judged: readonly JudgedEpisode[];
      readonly minConfidence?: number;
    }
  /** What the run before this process has said of a job, until its first run has ended. */
  | { readonly kind: "remember"; readonly served: ServedJob }
  /** A job that is not served any more: what is kept of it is let go. */
  | { readonly kind: "forget"; readonly name: string }
  /** Ends what is under way; what was written stays whole. */
  | { readonly kind: "stop" };

/** What it says on the way. */
export type Note =
  | NamesPiece
  | FiguresPiece
  | { readonly kind: "records"; readonly changed: readonly AnomalyRecord[] }
  | { readonly kind: "queued"; readonly queued: Queued }
  | { readonly kind: "warn" | "info" | "debug"; readonly message: string };

/** What a run has come to. */
export interface RunReport {
  readonly seconds: number;
  /** Up to when was looked, epoch ms. */
  readonly untilMs: number;
  readonly source: string;
  readonly detector: string;
  readonly model: { readonly name: string; readonly version: string; readonly trainedAtMs: number | null } | null;
  readonly fetchedSeries: number;
  readonly totals: StateTotals;
  readonly added: number;
  readonly updated: number;
  readonly dropped: number;
  /** The ids of all records that are kept now, in the file's order; null where they are those of the run before. */
  readonly ids: readonly string[] | null;
  readonly notes: readonly string[];
  readonly warmBytes: number;
  /** Checkpoint files that were let go of, because of the memory they took. */
  readonly shed: number;
}
