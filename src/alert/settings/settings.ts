import type { Severity } from "../../records/record.js";

/** Who hears of what, as the section `alerts` of anomaly.yaml says it, with its defaults. Durations are in ms. */
export interface AlertSettings {
  /** Address of `anomaly serve` as people reach it, for links to episode pages; null: no such links. */
  readonly url: string | null;
  readonly timezone: string;
  readonly grafana: {
    readonly url: string;
    readonly datasourceUid: string | null;
    readonly orgId: number | null;
  } | null;
  /** An incident is over once nothing of it has been anomalous for this long: what comes back sooner is the same incident. */
  readonly closeAfterMs: number;
  /** What was over for longer than this when it was first seen is not announced. */
  readonly maxAgeMs: number;
  /** More than `incidents` new messages of a route within `windowMs` are one digest. */
  readonly storm: { readonly incidents: number; readonly windowMs: number };
  readonly receivers: Readonly<Record<string, ReceiverSettings>>;
  /** The first that matches takes a problem, and further ones where it says `continue`. */
  readonly routes: readonly Route[];
}

export interface Route {
  readonly name: string;
  /** All must hold; none: everything but statuses, which a matcher on `status` has to name. */
  readonly match: readonly string[];
  readonly receivers: readonly string[];
  readonly continue: boolean;
  readonly groupWaitMs: number;
  readonly groupIntervalMs: number;
  readonly repeatIntervalMs: number;
  readonly quiet: readonly QuietHours[];
  readonly escalate: { readonly afterMs: number; readonly receivers: readonly string[] } | null;
}

/** Hours without messages; a digest follows them. Where `until` is not after `from`, it is on the next day. */
export interface QuietHours {
  /** The days that they begin on; 0 is Monday. */
  readonly days: readonly number[];
  readonly fromMinute: number;
  readonly untilMinute: number;
  /** What is at least this bad is said all the same; null: nothing is. */
  readonly except: Severity | null;
}

interface Own<Kind extends string> {
  readonly kind: Kind;
  /** The variable that holds the secret, or with `_FILE` behind it names its file. */
  readonly secretEnv: string;
}

export type ReceiverSettings =
  | (Own<"webhook"> & { readonly url: string })
  | (Own<"alertmanager"> & { readonly url: string; readonly user: string | null; readonly keepAliveMs: number })
  | (Own<"slack"> & {
      readonly url: string;
      readonly channel: string;
      readonly picture: boolean;
      readonly replies: boolean;
    })
  | Own<"slack_webhook">
  | (Own<"telegram"> & {
      readonly url: string;
      readonly chat: string;
      readonly picture: boolean;
      readonly replies: boolean;
    })
  | (Own<"pagerduty"> & { readonly url: string })
  | (Own<"email"> & {
      readonly host: string;
      readonly port: number;
      readonly tls: "none" | "starttls" | "tls";
      readonly user: string | null;
      readonly from: string;
      readonly to: readonly string[];
      readonly picture: boolean;
    })
  | (Own<"grafana"> & { readonly url: string; readonly dashboardUid: string | null })
  | (Own<"exec"> & { readonly command: readonly string[]; readonly timeoutMs: number });

export type ReceiverKind = ReceiverSettings["kind"];
