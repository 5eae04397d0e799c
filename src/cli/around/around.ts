import { EXIT, type ExitCode, InputError } from "../../errors/errors.js";
import { removeAbandoned } from "../../files/abandoned.js";
import { writeFileAtomic } from "../../files/atomic.js";
import { toolVersion } from "../../files/tool-version.js";
import { aroundJson } from "../../report/around/around-json.js";
import { aroundPage } from "../../report/around/around-page.js";
import { aroundLines } from "../../report/terminal/around-lines.js";
import { type AroundRequest, type AroundRun, runAround } from "../../runs/around/run-around.js";
import { checkTimezone } from "../../time/timezone.js";
import type { CommandContext } from "../commands/spec.js";
import { paintFor } from "../log.js";
import { isStoreThere, withStore } from "../open-store.js";
import { withProgress } from "../progress.js";
import { inputRecords } from "../record-input.js";
import { sourceSpec, surroundings } from "../source-options.js";
import { usualRecords } from "../usual-records.js";
import { beganIn, beginOf, isId, momentOf } from "./moment-of.js";

/** One run of `anomaly around`. Exit 1 where the source brought no series. */
export async function around(context: CommandContext<"around">): Promise<ExitCode> {
  const { options, streams, log } = context;
  const request = await requestOf(context);
  const run = await withProgress(context, "fetching", (progress) =>
    runAround(request, surroundings(context, progress)),
  );
  for (const note of run.notes) log.info(`note: ${note}`);
  const found = { timeMs: request.timeMs, ...run };
  if (options.output !== undefined) await writePage(context, options.output, run);
  if (options.json) await streams.out(`${JSON.stringify(aroundJson(found))}\n`);
  else if (options.output !== "-") {
    const paint = await paintFor(streams, streams.stdoutKind === "terminal");
    const lines = aroundLines(found, { timezone: request.timezone, paint, limit: options.limit ?? USUAL_LIMIT });
    await streams.out(lines.map((line) => `${line}\n`).join(""));
  }
  if (run.series.length === 0) log.error(`${run.sourceName} has no series of that time`);
  return run.series.length === 0 ? EXIT.failed : EXIT.ok;
}

/** More lines than a screen has are for a file. */
const USUAL_LIMIT = 40;

/** The options as a plain request. */
async function requestOf(context: CommandContext<"around">): Promise<AroundRequest> {
  const { options } = context;
  const timezone = checkTimezone(options.timezone ?? "UTC");
  return {
    source: sourceSpec({ ...context, positionals: [] }, options.data),
    timeMs: await timeOf(context, timezone),
    windowMs: options.aroundWindow,
    days: options.referenceDays,
    timezone,
    falseShare: options.falseShare,
  };
}

/** When what was given was: a moment, or the begin of the episode or incident of an id, in the records or else in the store. */
async function timeOf(context: CommandContext<"around">, timezone: string): Promise<number> {
  const { streams, positionals } = context;
  const [text, named] = positionals;
  if (!isId(text)) return momentOf(text, { nowMs: streams.nowMs(), timezone });
  try {
    const input = await inputRecords(named, streams, usualRecords());
    return beginOf(text, input.records, input.name);
  } catch (failure) {
    if (!(failure instanceof InputError) || named !== undefined || !isStoreThere(context)) throw failure;
    return Date.parse(await withStore(context, (store) => beganIn(store, text)));
  }
}

async function writePage({ streams, options }: CommandContext<"around">, path: string, run: AroundRun): Promise<void> {
  const { timezone, timeMs } = run.request;
  const page = aroundPage(
    { ...run, timeMs },
    { timezone, madeAtMs: streams.nowMs(), madeBy: `anomaly ${toolVersion()}` },
  );
  if (path !== "-") {
    removeAbandoned(path);
    writeFileAtomic(path, page);
  } else if (!options.json) await streams.out(page);
}
