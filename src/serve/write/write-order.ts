import type { TlsOptions } from "../../http/tls.js";
import type { Receiver } from "./receiver-spec.js";
import type { SendEvent } from "./sender.js";

/** What `--write` and its options say. */
export interface WriteSettings {
  readonly receivers: readonly Receiver[];
  /** Where the queues are. */
  readonly folder: string;
  readonly mostBytes: number;
  readonly tls: TlsOptions;
}

/** What the thread that sends is to do. */
export type WriteOrder =
  | { readonly kind: "send"; readonly settings: WriteSettings; readonly isOnce: boolean }
  /** Ends after the requests that are under way. */
  | { readonly kind: "stop" };

/** What it says on the way. */
export interface WriteNote {
  readonly receiver: string;
  readonly event: SendEvent;
}
