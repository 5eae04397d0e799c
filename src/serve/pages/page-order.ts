import type { AnomalyRecord } from "../../records/record.js";
import type { ServedJob } from "../run/order.js";

/** What a page is made of; plain data, for the thread that makes it. */
export type PageOrder =
  | {
      readonly kind: "front";
      readonly jobs: readonly ServedJob[];
      readonly days: number;
      readonly nowMs: number;
      readonly health: readonly JobLine[];
    }
  | {
      readonly kind: "episode";
      readonly served: ServedJob;
      readonly record: AnomalyRecord;
      /** Other episodes of the same series, newest first. */
      readonly earlier: readonly AnomalyRecord[];
      readonly nowMs: number;
      readonly mayWrite: boolean;
      readonly verdict: string | null;
    }
  | {
      readonly kind: "picture";
      readonly served: ServedJob;
      readonly record: AnomalyRecord;
      readonly format: "png" | "svg";
    };

/** A job in the strip at the top. */
export interface JobLine {
  readonly name: string;
  /** In words: `ran 12 s ago, 40 series`. */
  readonly words: string;
  readonly isFailed: boolean;
}

export type PageAnswer = string | Uint8Array;
