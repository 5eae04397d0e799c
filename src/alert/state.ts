import type { Severity } from "../records/record.js";
import type { ProblemKind } from "./problem.js";

/** What alerting remembers between two looks; plain JSON. Times are epoch ms. */
export interface AlertState {
  readonly incidents: readonly Incident[];
  readonly digests: readonly Digest[];
}

export const EMPTY_STATE: AlertState = { incidents: [], digests: [] };

/** Problems that people hear of as one. */
export interface Incident {
  readonly id: string;
  readonly openedMs: number;
  /** When it was over; null while it is not. */
  readonly closedMs: number | null;
  /** The incident that it has become a part of. */
  readonly mergedInto: string | null;
  readonly ack: { readonly atMs: number; readonly by: string | null } | null;
  /** In the order in which they were seen. */
  readonly members: readonly Member[];
  /** By the name of the route. */
  readonly notices: Readonly<Record<string, Notice>>;
}

/** A problem as it was last seen. */
export interface Member {
  readonly id: string;
  readonly kind: ProblemKind;
  readonly series: string;
  readonly job: string | null;
  readonly machine: string;
  readonly aggregator: string;
  /** The worst that it ever was: a message that said critical must not look like a false one later. */
  readonly severity: Severity;
  readonly startMs: number;
  readonly endMs: number;
  /** When it was first seen to be over; null while it is open. */
  readonly closedMs: number | null;
  /** Names of the routes that take it. */
  readonly routes: readonly string[];
}

/** What a route has said of an incident. */
export interface Notice {
  /** When the route first took it. */
  readonly sinceMs: number;
  /** `pending`: nothing yet; `held`: quiet hours keep it; `digest`: a digest has said it. */
  readonly status: "pending" | "held" | "open" | "digest" | "closed";
  /** Messages so far; numbers them. */
  readonly said: number;
  readonly openedMs: number | null;
  readonly lastMs: number | null;
  /** What the newest message said. */
  readonly severity: Severity | null;
  readonly members: number;
  readonly isEscalated: boolean;
  /** Silenced when it was last looked at. */
  readonly isSilenced: boolean;
  readonly digest: string | null;
}

/** Many incidents as one message: in a storm, or after quiet hours. */
export interface Digest {
  readonly id: string;
  readonly route: string;
  readonly reason: "storm" | "quiet";
  readonly openedMs: number;
  readonly closedMs: number | null;
  readonly lastMs: number;
  readonly said: number;
  /** Ids, in the order in which they came. */
  readonly incidents: readonly string[];
  /** What of them was said, to see what has changed. */
  readonly signature: string;
}

export type Stage = "open" | "update" | "repeat" | "escalation" | "close";

/** A message that has to be sent: what it is about, and to whom. */
export interface Say {
  /** The same for the same message, whoever works it out. */
  readonly id: string;
  readonly stage: Stage;
  readonly route: string;
  readonly receivers: readonly string[];
  readonly incident: string | null;
  readonly digest: string | null;
}
