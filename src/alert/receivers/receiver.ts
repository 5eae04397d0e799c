import type { AlertMessage } from "../message/message.js";

/** What a receiver answered that later messages about the same incident need; plain JSON. */
export type Reply = Readonly<Record<string, string | number>> | null;

/** How sending went. A failure is a value: what becomes of the message depends on its class. */
export type Outcome =
  | { readonly ok: true; readonly reply: Reply }
  | {
      readonly ok: false;
      /** Fit to be shown: it holds no secret. */
      readonly error: string;
      /** `never`: the same message would fail again. `later`: a time-out, an overload, an outage. */
      readonly retry: "never" | "later";
      /** What the receiver asked to wait for. */
      readonly retryAfterMs?: number;
    };

/** What a receiver may use when it sends. */
export interface Sending {
  /** The key that makes a second delivery of the same message recognisable. */
  readonly key: string;
  /** How often it was tried before: more than 0 means that it may have arrived. */
  readonly earlierTries: number;
  /** What the receiver answered to earlier messages of the same incident, the newest last. */
  readonly replies: readonly Reply[];
  readonly nowMs: number;
  /** The picture of the message's episode as PNG; null where there is none. */
  readonly picture: () => Promise<Uint8Array | null>;
  readonly signal: AbortSignal;
}

/** A place that messages go to. */
export interface Receiver {
  readonly send: (message: AlertMessage, sending: Sending) => Promise<Outcome>;
  /** The least time between two messages; 0: none. */
  readonly paceMs: number;
  /** The message in this receiver's form, as text, without sending it. */
  readonly preview: (message: AlertMessage) => string;
  /** Says that these incidents are still open, where the receiver forgets what it does not hear of. */
  readonly keepAlive?: {
    readonly everyMs: number;
    readonly say: (messages: readonly AlertMessage[], sending: Pick<Sending, "nowMs" | "signal">) => Promise<Outcome>;
  };
  readonly close: () => Promise<void>;
}

export const arrived = (reply: Reply = null): Outcome => ({ ok: true, reply });
