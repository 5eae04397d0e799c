import { join } from "node:path";
import { EXIT, type ExitCode, UsageError } from "../../errors/errors.js";
import { removeAbandoned } from "../../files/abandoned.js";
import { writeFileAtomic } from "../../files/atomic.js";
import type { DrawLook } from "../../plot/draw-job.js";
import { plotRecords } from "../../plot/plot-records.js";
import type { AnomalyRecord, HydratedRecord } from "../../records/record.js";
import { isHydrated } from "../../records/schema.js";
import { count } from "../../wording/count.js";
import type { CommandContext } from "../commands/spec.js";
import { hydrateAll } from "../hydrate/hydrate.js";
import { withProgress } from "../progress.js";
import { inputRecords } from "../record-input.js";
import { USUAL_HYDRATED } from "../usual-records.js";
import { drawnBefore } from "./drawn-before.js";

/** Folder that plot writes into when nothing says otherwise. */
export const USUAL_PLOTS = "out/plots";

/** One run of `anomaly plot`. Exit 1 where a record could not be drawn; all others are. */
export async function plot(context: CommandContext<"plot">): Promise<ExitCode> {
  const { options, streams, positionals, log } = context;
  const folder = options.output ?? USUAL_PLOTS;
  if (folder === "-") throw new UsageError("output", "plot writes one file a picture; give -o a folder");
  if (options.overviewOnly && options.noOverview) {
    throw new UsageError("overview", "--overview-only and --no-overview leave nothing to draw; give one of them");
  }
  const input = await inputRecords(positionals[0], streams, { path: USUAL_HYDRATED, command: "hydrate" });
  const { ready, unhydrated } = await hydratedRecords(context, input.records);
  const look: DrawLook = {
    theme: options.theme,
    timezone: options.timezone ?? "UTC",
    format: options.pictureFormat,
    scale: options.scale,
  };
  const before = drawnBefore(folder, look, options.redraw);
  const drawn = await withProgress(context, "drawing", (progress) =>
    plotRecords(ready, {
      ...look,
      threads: options.threads,
      isDrawn: before.isDrawn,
      episodes: !options.overviewOnly,
      overview: !options.noOverview,
      signal: context.signal,
      write: (name, content, of) => {
        removeAbandoned(join(folder, name));
        writeFileAtomic(join(folder, name), content);
        before.note(name, of);
      },
      onProgress: ({ done, total, name }) => progress.update(done, total, name),
    }),
  ).finally(before.save);
  const paths = drawn.names.map((name) => join(folder, name));
  // On a terminal the folder is enough; a program behind the pipe wants each path. Cron is a pipe too, and --quiet its word.
  if (streams.stdoutKind !== "terminal" && !options.quiet) await streams.out(paths.map((path) => `${path}\n`).join(""));
  const failed = unhydrated + drawn.failures.length;
  log.info(
    `${count(paths.length, "picture")} of ${count(input.records.length, "record")} from ${input.name} in ${folder}/` +
      (drawn.unchanged > 0 ? `; ${drawn.unchanged} of them there already` : ""),
  );
  if (unhydrated > 0) {
    log.error(
      `${unhydrated} of ${count(input.records.length, "record")} ${unhydrated === 1 ? "has" : "have"} no 24 hours to draw; ` +
        "run anomaly hydrate on them first, or give plot a source (--data or --source)",
    );
  }
  if (drawn.failures.length > 0)
    log.error(
      `${count(drawn.failures.length, "picture")} could not be drawn; the first: ${drawn.failures[0].name}: ${drawn.failures[0].reason}`,
    );
  return failed > 0 ? EXIT.failed : EXIT.ok;
}

/** The records with their 24 hours; those without get them now where a source is given, else they are only counted. */
async function hydratedRecords(
  context: CommandContext<"plot">,
  records: readonly (AnomalyRecord | HydratedRecord)[],
): Promise<{ readonly ready: readonly HydratedRecord[]; readonly unhydrated: number }> {
  const { options } = context;
  const missing = records.filter((record) => !isHydrated(record));
  const hasSource = options.source !== undefined || options.data.length > 0;
  if (missing.length === 0 || !hasSource) {
    return { ready: records.filter(isHydrated), unhydrated: missing.length };
  }
  const added = await withProgress(context, "hydrating", (progress) => hydrateAll(context, missing, [], progress));
  const byRecord = new Map(missing.map((record, i) => [record, added[i]]));
  return {
    ready: records.flatMap((record) => (isHydrated(record) ? [record] : (byRecord.get(record) ?? []))),
    unhydrated: 0,
  };
}
