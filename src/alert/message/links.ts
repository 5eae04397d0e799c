import type { AnomalyRecord } from "../../records/record.js";
import { grafanaLink } from "../../report/grafana-link.js";
import type { AlertSettings } from "../settings/settings.js";
import type { Link } from "./message.js";

/** Labels that teams keep the address of a runbook in. */
const RUNBOOK_LABELS = ["runbook_url", "runbook"];

/** Where to look next: runbook, Explore, and the page of the episode, which also takes a verdict. */
export function linksOf(
  record: AnomalyRecord,
  { url, grafana }: Pick<AlertSettings, "url" | "grafana">,
): readonly Link[] {
  const explore =
    grafana &&
    grafanaLink(record, {
      url: grafana.url,
      ...(grafana.datasourceUid !== null && { datasourceUid: grafana.datasourceUid }),
      ...(grafana.orgId !== null && { orgId: grafana.orgId }),
    });
  const page = url === null ? undefined : `${url.replace(/\/+$/, "")}/episodes/${encodeURIComponent(record.id)}`;
  const links: readonly (readonly [string, string | null | undefined])[] = [
    ["Runbook", runbookOf(record)],
    ["Episode", page],
    ["Explore in Grafana", explore],
  ];
  return links.flatMap(([words, to]) => (to ? [{ words, url: to }] : []));
}

/** Only an address: a label could hold anything, and a link could run it. */
function runbookOf({ labels }: AnomalyRecord): string | undefined {
  const text = RUNBOOK_LABELS.map((label) => labels[label]).find((one) => one !== undefined);
  return text !== undefined && /^https?:\/\//.test(text) && URL.canParse(text) ? new URL(text).href : undefined;
}

/** Labels without those that are an address: a message links it. */
export function withoutRunbook(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !RUNBOOK_LABELS.includes(name)));
}
