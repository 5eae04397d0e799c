import { toolVersion } from "../../files/tool-version.js";
import type { AnomalyRecord, HydratedRecord } from "../../records/record.js";
import { existingRecords } from "../../records/records-file.js";
import { readStates } from "../../records/states-file.js";
import type { SeriesStatus } from "../../records/status.js";
import { worstFirst } from "../../records/worst-first.js";
import { grafanaLink } from "../../report/grafana-link.js";
import type { PageLinks } from "../../report/page/links.js";
import { html, type Markup } from "../../report/page/markup.js";
import { reportPage } from "../../report/page/page.js";
import { reportOf } from "../../report/report.js";
import type { Surroundings } from "../../runs/surroundings.js";
import { DAY_MS } from "../../time/duration.js";
import type { ServedJob } from "../run/order.js";
import type { HydrateServed } from "./hydrate-served.js";
import type { JobLine, PageOrder } from "./page-order.js";

/** Rows of what is wrong now that show their 24 hours. */
const MOST_LINES = 40;
const PERIODS = [1, 7, 30] as const;

/** What every served page has in its head: the script, and a way without it. */
export const LIVE_HEAD: Markup = {
  // A plain string: of a tagged template with the end of a script in it the bundler makes a call to a package of its own.
  markup: `<link rel="stylesheet" href="/assets/client.css">
<script src="/assets/client.js" defer></script>
<noscript><meta http-equiv="refresh" content="60"></noscript>`,
};

/** The front page: the report of the last days, up to now. */
export async function frontPage(
  { jobs, days, nowMs, health }: Extract<PageOrder, { kind: "front" }>,
  hydrate: HydrateServed,
  around: Surroundings,
): Promise<string> {
  const records: AnomalyRecord[] = [];
  const statuses: SeriesStatus[] = [];
  for (const served of jobs) {
    const own = await existingRecords(served.records);
    records.push(...(await withLines(own, served, hydrate, around)));
    statuses.push(...(readStates(served.states, false) ?? []));
  }
  const timezones = new Set(jobs.map(({ job }) => job.timezone ?? "UTC"));
  const timezone = timezones.size === 1 ? [...timezones][0] : "UTC";
  // Data of files ends in the past: what is wrong is then what was wrong at its end.
  const newest = [...records.map(({ end }) => end), ...statuses.flatMap(({ last_at }) => last_at ?? [])].map(
    Date.parse,
  );
  const isLive = jobs.some(({ job }) => job.source.source !== "csv");
  const endMs = isLive || newest.length === 0 ? nowMs : newest.reduce((a, b) => Math.max(a, b));
  const report = reportOf({ records, statuses, range: { startMs: endMs - days * DAY_MS, endMs }, timezone });
  return reportPage(report, {
    links: linksFor(jobs),
    madeAtMs: nowMs,
    madeBy: `anomaly ${toolVersion()}`,
    served: { head: LIVE_HEAD, above: jobStrip(health, days) },
  });
}

/** Links of records into this server and into Grafana. */
export function linksFor(jobs: readonly ServedJob[]): PageLinks {
  const byName = new Map(jobs.map((served) => [served.job.name, served]));
  return {
    pictureOf: ({ id }) => `/episodes/${encodeURIComponent(id)}`,
    pictureWord: "episode",
    grafanaOf: (record) => {
      const { grafanaUrl, datasourceUid } = byName.get(record.job ?? "")?.job.source ?? {};
      return grafanaUrl === undefined ? undefined : grafanaLink(record, { url: grafanaUrl, datasourceUid });
    },
  };
}

/** A source that does not answer costs the lines, not the page. */
async function withLines(
  records: readonly AnomalyRecord[],
  served: ServedJob,
  hydrate: HydrateServed,
  around: Surroundings,
): Promise<readonly (AnomalyRecord | HydratedRecord)[]> {
  const open = records.filter(({ status }) => status === "open");
  // Where nothing is open the page shows the worst of the period.
  const shown =
    open.length > 0 ? open.sort(worstFirst).slice(0, MOST_LINES) : [...records].sort(worstFirst).slice(0, 5);
  const hydrated = await hydrate(served, shown, around).catch(() => []);
  const byId = new Map(hydrated.map((one) => [one.id, one]));
  return records.map((record) => byId.get(record.id) ?? record);
}

function jobStrip(health: readonly JobLine[], days: number): Markup {
  const period = (of: number) => (of === 1 ? "24 hours" : `${of} days`);
  return html`<nav class="strip" aria-label="Jobs and period"><ul>${health.map(
    ({ name, words, isFailed }) =>
      html`<li${{ markup: isFailed ? ' class="failed"' : "" }}><b>${name}</b> ${words}</li>`,
  )}</ul><p>${PERIODS.map((of) =>
    of === days ? html`<b aria-current="page">${period(of)}</b> ` : html`<a href="/?days=${of}">${period(of)}</a> `,
  )}</p></nav>
`;
}
