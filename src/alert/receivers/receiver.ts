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

/** A message of ours that people may have answered. */
export interface Thread {
  readonly incident: string;
  /** What the receiver answered to the messages of the incident, the newest last. */
  readonly replies: readonly Reply[];
}

/** An answer of a person. */
export interface Said {
  readonly incident: string;
  readonly author: string;
  /** A reply's text, or a reaction that has a meaning. */
  readonly words: { readonly text: string } | { readonly reaction: "true" | "false"; readonly name: string };
  /** When it was said; null where the place does not tell. */
  readonly atMs: number | null;
  /** What `answer` finds it by. */
  readonly place: Readonly<Record<string, string | number>>;
}

/** Reads what people answer to messages. */
export interface Hearing {
  /** Answers in these threads, possibly again those of before: whoever takes them knows what it has. */
  readonly read: (
    threads: readonly Thread[],
    around: Pick<Sending, "nowMs" | "signal">,
    /** Of the read before whose answers were kept; null: none. */
    cursor: number | null,
  ) => Promise<
    | { readonly ok: true; readonly said: readonly Said[]; readonly cursor: number | null }
    | Extract<Outcome, { ok: false }>
  >;
  /** Says in the thread that an answer was taken. */
  readonly answer: (said: Said, text: string, around: Pick<Sending, "nowMs" | "signal">) => Promise<Outcome>;
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
  /** Where answers are to be read. */
  readonly hear?: Hearing;
  readonly close: () => Promise<void>;
}

export const arrived = (reply: Reply = null): Outcome => ({ ok: true, reply });
