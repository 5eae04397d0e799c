import type { AnomalyRecord, Severity } from "../../records/record.js";
import type { Stage } from "../state.js";

export const MESSAGE_SCHEMA = "anomaly-alert/1";

/**
 * A message before it takes a receiver's form; what the webhook sends is this. Times are ISO 8601 in UTC. Fields are only ever added
 * within one version.
 */
export interface AlertMessage {
  readonly schema: typeof MESSAGE_SCHEMA;
  /** The same for the same message: who gets it twice drops one. */
  readonly id: string;
  /** The same for all messages about the same incident or digest. */
  readonly incident: string;
  readonly kind: "incident" | "status" | "storm" | "quiet" | "test";
  /** `acknowledge`: somebody is at it; only said to receivers that can pass it on. */
  readonly stage: Stage | "acknowledge";
  readonly route: string;
  readonly severity: Severity;
  readonly status: "open" | "closed";
  /** What and where, on one line. */
  readonly title: string;
  readonly sent_at: string;
  readonly since: string;
  readonly until: string | null;
  readonly duration_s: number;
  /** How bad against what is normal, as name and value. */
  readonly facts: readonly Fact[];
  /** Why, most telling first. */
  readonly reasons: readonly string[];
  readonly likely_cause: string | null;
  /** `third time this week, always Tuesdays around 02:00` */
  readonly history: string | null;
  /** Of the fleet; null where it is not about many machines. */
  readonly fleet: { readonly machines: number; readonly total: number | null; readonly share: number | null } | null;
  readonly first_mover: MessageMember | null;
  /** Worst first, of `members_total` the first few. */
  readonly members: readonly MessageMember[];
  readonly members_total: number;
  /** What all members had in common when it was first said. */
  readonly labels: Readonly<Record<string, string>>;
  readonly links: readonly Link[];
  /** How to say that it was a false alarm. */
  readonly false_alarm: string | null;
  /** The record of the worst member, without its arrays; null of what is no episode, and of digests. */
  readonly record: AnomalyRecord | null;
  /** Episode whose picture belongs to it. */
  readonly picture: string | null;
  readonly timezone: string;
}

export interface Fact {
  readonly name: string;
  readonly value: string;
}

export interface Link {
  readonly words: string;
  readonly url: string;
}

export interface MessageMember {
  /** Of an episode its id. */
  readonly id: string;
  readonly name: string;
  readonly words: string;
  readonly severity: Severity;
  readonly status: "open" | "closed";
  readonly since: string;
  readonly score: number | null;
}
