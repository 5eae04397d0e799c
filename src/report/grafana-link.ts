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
/** Of a group as many members as its picture has, the largest share first. */
const REF_IDS = ["A", "B", "C", "D", "E", "F"];

/**
 * A link that opens the record's query, or those of a group's members, in Grafana's Explore, half a day around the episode. None where the data source is not known:
 * Explore would put the query to whichever one this browser used last.
 *
 * @see https://grafana.com/docs/grafana/latest/explore/get-started-with-explore/ (share Explore URLs: `panes`, `schemaVersion`)
 */
export function grafanaLink(
  record: Pick<AnomalyRecord, "target" | "members" | "start" | "end" | "datasource_uid">,
  { url, datasourceUid, orgId }: GrafanaPlace,
): string | undefined {
  const uid = record.datasource_uid ?? datasourceUid;
  if (uid === undefined) return undefined;
  const targets = record.members?.slice(0, REF_IDS.length).map(({ target }) => target) ?? [record.target];
  const panes = {
    [PANE]: {
      datasource: uid,
      // Graphite reads `target`, Prometheus `expr`; each leaves the other's alone.
      queries: targets.map((target, i) => ({ refId: REF_IDS[i], datasource: { uid }, target, expr: target })),
      range: {
        from: String(Date.parse(record.start) - DAY_MS / 2),
        to: String(Date.parse(record.end) + DAY_MS / 2),
      },
    },
  };
  const org = orgId === undefined ? "" : `&orgId=${orgId}`;
  return `${url}/explore?schemaVersion=1${org}&panes=${encodeURIComponent(JSON.stringify(panes))}`;
}
