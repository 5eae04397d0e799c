import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { EXIT, type ExitCode, UsageError } from "../../errors/errors.js";
import { removeAbandoned } from "../../files/abandoned.js";
import { writeFileAtomic } from "../../files/atomic.js";
import { toolVersion } from "../../files/tool-version.js";
import { type PictureFormat, pictureName } from "../../plot/picture-name.js";
import { renderPng } from "../../plot/render-png.js";
import type { RecordEvent } from "../../records/known-event.js";
import type { AnomalyRecord } from "../../records/record.js";
import { readStates } from "../../records/states-file.js";
import type { SeriesStatus } from "../../records/status.js";
import { grafanaLink } from "../../report/grafana-link.js";
import { headSvg } from "../../report/head-svg.js";
import type { PageLinks } from "../../report/page/links.js";
import { reportPage } from "../../report/page/page.js";
import { type Report, reportJson, reportOf } from "../../report/report.js";
import { checkOrder, moment } from "../../runs/moments.js";
import { orgIdFrom } from "../../runs/source/server-credentials.js";
import type { TimeRange } from "../../series/series.js";
import { DAY_MS } from "../../time/duration.js";
import { formatUtc } from "../../time/format.js";
import { checkTimezone } from "../../time/timezone.js";
import { bytes } from "../../wording/bytes.js";
import { count } from "../../wording/count.js";
import type { CommandContext } from "../commands/spec.js";
import { isStoreThere, withStore } from "../open-store.js";
import { inputRecords } from "../record-input.js";
import { usualRecords } from "../usual-records.js";

/** Where the page goes when nothing says otherwise. */
const USUAL_REPORT = "out/report.html";
/** What is looked back on where neither records nor options say more. */
const USUAL_PERIOD_MS = 7 * DAY_MS;
/** The order in which a picture's kinds are looked for. */
const FORMATS: readonly PictureFormat[] = ["html", "png", "svg"];

/** One run of `anomaly report`: the records, and the states beside them, as one page. */
export async function report(context: CommandContext<"report">): Promise<ExitCode> {
  const { options, origins, streams, positionals, log } = context;
  const timezone = checkTimezone(options.timezone ?? "UTC");
  const input = await inputRecords(positionals[0], streams, usualRecords());
  const statuses = readStates(options.states, origins.states !== "default");
  const range = periodOf(context, input.records, statuses ?? [], timezone);
  const { fleetMachines: minMachines, fleetShare: minShare, fleetWindow: windowMs } = options;
  const made = reportOf({
    records: input.records,
    statuses,
    range,
    timezone,
    events: await eventsOf(context, range),
    fleet: { minMachines, minShare, windowMs },
  });
  const output = options.output ?? USUAL_REPORT;
  const links = pageLinks(context, output);
  const page = reportPage(made, { links, madeAtMs: streams.nowMs(), madeBy: `anomaly ${toolVersion()}` });
  context.signal.throwIfAborted();
  if (options.png !== undefined) await writeHead(options.png, made, context);
  if (output === "-") {
    if (!options.json) await streams.out(page);
  } else {
    removeAbandoned(output);
    writeFileAtomic(output, page);
  }
  if (options.json) await streams.out(`${JSON.stringify(reportJson(made))}\n`);
  log.info(
    `${count(made.totals.episodes, "episode")}, ${made.totals.open} open, of ${count(input.records.length, "record")} from ${input.name}` +
      (output === "-" ? "" : `; ${output} (${bytes(Buffer.byteLength(page))})`),
  );
  return EXIT.ok;
}

/** The events of the store; those of calendars are named in the records. */
async function eventsOf(
  context: CommandContext<"report">,
  { startMs, endMs }: TimeRange,
): Promise<readonly RecordEvent[]> {
  if (!isStoreThere(context)) return [];
  const { eventsBetween } = await import("../../store/events.js");
  return withStore(context, (store) => eventsBetween(store, startMs, endMs));
}

async function writeHead(path: string, made: Report, { options }: CommandContext<"report">): Promise<void> {
  const png = await renderPng(headSvg(made, options.theme), { scale: options.scale });
  removeAbandoned(path);
  writeFileAtomic(path, png);
}

/** `[--from, --until)`; else the seven days up to the newest thing known, or as many as there are records for. */
function periodOf(
  { options, streams }: CommandContext<"report">,
  records: readonly AnomalyRecord[],
  statuses: readonly SeriesStatus[],
  timezone: string,
): TimeRange {
  const instant = { nowMs: streams.nowMs(), timezone };
  const known = [...records.map(({ end }) => end), ...statuses.flatMap(({ last_at }) => last_at ?? [])].map(Date.parse);
  const newest = known.length === 0 ? instant.nowMs : known.reduce((a, b) => Math.max(a, b));
  const fromMs = moment("--from", options.from, instant);
  const untilMs = moment("--until", options.until, instant);
  if (untilMs === undefined && fromMs !== undefined && fromMs >= instant.nowMs) {
    throw new UsageError("range", `--from ${formatUtc(fromMs)} is not in the past; give an earlier time`);
  }
  // After the newest record there was nothing to report, up to now.
  const endMs = untilMs ?? (fromMs !== undefined && fromMs >= newest ? instant.nowMs : newest);
  const oldest = records.reduce((first, { start }) => Math.min(first, Date.parse(start)), endMs);
  const startMs = fromMs ?? Math.max(endMs - USUAL_PERIOD_MS, Math.min(oldest, endMs - DAY_MS));
  checkOrder(startMs, endMs);
  return { startMs, endMs };
}

/** Pictures that are there, by their way from the page; Grafana, where its address is known. */
function pageLinks({ options, streams }: CommandContext<"report">, output: string): PageLinks {
  const from = output === "-" ? "." : dirname(output);
  const orgId = orgIdFrom(streams.env);
  return {
    pictureOf: (record) => {
      const name = FORMATS.map((format) => pictureName(record, format)).find((one) =>
        existsSync(join(options.pictures, one)),
      );
      if (name === undefined) return undefined;
      return relative(from, join(options.pictures, name)).split(/[\\/]/).map(encodeURIComponent).join("/");
    },
    grafanaOf: (record) =>
      options.grafanaUrl === undefined
        ? undefined
        : grafanaLink(record, { url: options.grafanaUrl, datasourceUid: options.datasourceUid, orgId }),
  };
}
