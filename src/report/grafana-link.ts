import type { AnomalyRecord } from "../records/record.js";
import { DAY_MS } from "../time/duration.js";

export interface GrafanaPlace {
  /** Address of Grafana, without a slash at its end. */
  readonly url: string;
  /** Uid of the data source of records that name none of their own. */
  readonly datasourceUid?: string;
  /** The organisation that the link switches to; absent: the one that the reader is in. */
  readonly orgId?: number;
}

/** Grafana takes three letters or digits for the name of a pane, and replaces anything else. */
const PANE = "ano";

/**
 * A link that opens the record's query in Grafana's Explore, half a day around the episode. None where the data source is not known:
 * Explore would put the query to whichever one this browser used last.
 *
 * @see https://grafana.com/docs/grafana/latest/explore/get-started-with-explore/ (share Explore URLs: `panes`, `schemaVersion`)
 */
export function grafanaLink(
  record: Pick<AnomalyRecord, "target" | "start" | "end" | "datasource_uid">,
  { url, datasourceUid, orgId }: GrafanaPlace,
): string | undefined {
  const uid = record.datasource_uid ?? datasourceUid;
  if (uid === undefined) return undefined;
  const panes = {
    [PANE]: {
      datasource: uid,
      // Graphite reads `target`, Prometheus `expr`; each leaves the other's alone.
      queries: [{ refId: "A", datasource: { uid }, target: record.target, expr: record.target }],
      range: {
        from: String(Date.parse(record.start) - DAY_MS / 2),
        to: String(Date.parse(record.end) + DAY_MS / 2),
      },
    },
  };
  const org = orgId === undefined ? "" : `&orgId=${orgId}`;
  return `${url}/explore?schemaVersion=1${org}&panes=${encodeURIComponent(JSON.stringify(panes))}`;
}
