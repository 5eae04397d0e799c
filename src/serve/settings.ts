import type { AlertSettings } from "../alert/settings/settings.js";
import type { EventSources } from "../runs/events/event-sources.js";
import type { Surroundings } from "../runs/surroundings.js";
import type { Retention } from "../store/retention.js";
import type { Names } from "./exposition/findings-text.js";
import type { Listen } from "./http/listen.js";
import type { WriteSettings } from "./write/write-order.js";

/** Where what outlives a run is kept, and for how long. */
export interface StoreSettings extends Retention {
  readonly place: string;
  /** Of PostgreSQL; undefined: what its own variables say. */
  readonly password: string | undefined;
}

export interface ServeSettings {
  readonly listen: Listen;
  /** Files with a certificate and its key, PEM; null: plain HTTP. */
  readonly tls: { readonly certFile: string; readonly keyFile: string } | null;
  /** File of tokens and users; null: whoever reaches the port may read. */
  readonly credentialsFile: string | null;
  readonly hostNames: readonly string[];
  readonly names: Names;
  readonly mostSeries: number;
  readonly mostWarmBytes: number | null;
  readonly store: StoreSettings;
  /** Where events come from beside the store; `env` holds the token for Grafana. */
  readonly events: EventSources & { readonly env: Surroundings["env"] };
  /** Whether verdicts on earlier episodes change records. */
  readonly withVerdicts: boolean;
  /** Records with less confidence (0–1) are held back; undefined: none are. */
  readonly minConfidence?: number;
  /** Null: no annotations in Grafana. The address is that of jobs that have none of their own. */
  readonly annotate: { readonly grafanaUrl: string | null; readonly env: Surroundings["env"] } | null;
  /** Who hears of what; null: nobody. `env` holds the secrets of receivers. */
  readonly alerts: { readonly settings: AlertSettings; readonly env: Surroundings["env"] } | null;
  /** Null: nothing is written to other servers. */
  readonly write: WriteSettings | null;
  /** The command line that trains a challenger of a job's model. */
  readonly retrainCommand: (job: string) => readonly string[];
  readonly version: string;
}
