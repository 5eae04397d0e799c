import type { KnownEvent } from "../../records/known-event.js";

/** Where events come from beside the store: plain data. */
export interface EventSources {
  /** iCalendar files and addresses, each with the kind of its events. */
  readonly calendars: readonly { readonly kind: KnownEvent["kind"]; readonly place: string }[];
  /** Tags of Grafana's annotations, likewise. */
  readonly annotations: readonly { readonly kind: KnownEvent["kind"]; readonly tag: string }[];
  readonly grafanaUrl?: string;
  /** Its silences are maintenances. */
  readonly alertmanagerUrl?: string;
  /** Zone of calendar entries that name none. */
  readonly timezone: string;
}

export function hasEventSources({ calendars, annotations, alertmanagerUrl }: EventSources): boolean {
  return calendars.length + annotations.length > 0 || alertmanagerUrl !== undefined;
}
