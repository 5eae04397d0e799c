import type { AnomalyRecord } from "../records/record.js";
import { DAY_MS } from "../time/duration.js";

export interface GrafanaPlace {
  /** Address of Grafana, without a slash at its end. */
  readonly url: string;
  /** Uid of the data source; without it Explore opens with its default one. */
  readonly datasourceUid?: string;
}

/**
 * A link that opens the record's query in Grafana's Explore, half a day around the episode.
 *
 * @see https://grafana.com/docs/grafana/latest/explore/get-started-with-explore/ (share Explore URLs: `panes`, `schemaVersion`)
 */
export function grafanaLink(record: Pick<AnomalyRecord, "target" | "start" | "end">, place: GrafanaPlace): string {
  const datasource = place.datasourceUid === undefined ? {} : { datasource: { uid: place.datasourceUid } };
  const panes = {
    anomaly: {
      ...(place.datasourceUid === undefined ? {} : { datasource: place.datasourceUid }),
      // Graphite reads `target`, Prometheus `expr`; each leaves the other's alone.
      queries: [{ refId: "A", ...datasource, target: record.target, expr: record.target }],
      range: {
        from: String(Date.parse(record.start) - DAY_MS / 2),
        to: String(Date.parse(record.end) + DAY_MS / 2),
      },
    },
  };
  return `${place.url}/explore?schemaVersion=1&orgId=1&panes=${encodeURIComponent(JSON.stringify(panes))}`;
}
