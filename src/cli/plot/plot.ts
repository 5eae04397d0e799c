import { join } from "node:path";
import type { AnomalyRecord, HydratedRecord } from "../../anomalies/record.js";
import { AnomalyError, EXIT, type ExitCode, messageOf, OutputError, UsageError } from "../../errors/errors.js";
import { writeFileAtomic } from "../../files/atomic.js";
import { isHydrated } from "../../hydrate/record-schema.js";
import { pictureName } from "../../plot/picture-name.js";
import { count } from "../aligned.js";
import type { CommandContext } from "../commands/spec.js";
import { hydrateAll, USUAL_HYDRATED } from "../hydrate/hydrate.js";
import { withProgress } from "../progress.js";
import { inputRecords } from "../record-input.js";
import { episodePicture, overviewPicture } from "./pictures.js";

/** Folder that plot writes into when nothing says otherwise. */
export const USUAL_PLOTS = "out/plots";

interface Drawn {
  readonly paths: readonly string[];
  readonly failures: readonly string[];
}

/** One run of `anomaly plot`. Exit 1 where a record could not be drawn; all others are. */
export async function plot(context: CommandContext): Promise<ExitCode> {
  const { options, streams, positionals, log } = context;
  const folder = options.output ?? USUAL_PLOTS;
  if (folder === "-") throw new UsageError("output", "plot writes one file a picture; give -o a folder");
  if (options.overviewOnly && options.noOverview) {
    throw new UsageError("overview", "--overview-only and --no-overview leave nothing to draw; give one of them");
  }
  const input = await inputRecords(positionals[0], streams, { path: USUAL_HYDRATED, command: "hydrate" });
  const { ready, unhydrated } = await hydratedRecords(context, input.records);
  const drawn = await withProgress(log, "drawing", streams.nowMs, (progress) =>
    draw(context, ready, folder, (done) => progress.update(done, ready.length)),
  );
  // On a terminal the folder is enough; a program behind the pipe wants each path.
  if (streams.stdoutKind !== "terminal") await streams.out(drawn.paths.map((path) => `${path}\n`).join(""));
  const failed = unhydrated + drawn.failures.length;
  log.info(`${count(drawn.paths.length, "picture")} of ${count(input.records.length, "record")} from ${input.name} in ${folder}/`);
  if (unhydrated > 0) {
    log.error(
      `${unhydrated} of ${count(input.records.length, "record")} ${unhydrated === 1 ? "has" : "have"} no 24 hours to draw; ` +
        "run anomaly hydrate on them first, or give plot a source (--data or --source)",
    );
  }
  if (drawn.failures.length > 0) log.error(`${count(drawn.failures.length, "picture")} could not be drawn; the first: ${drawn.failures[0]}`);
  return failed > 0 ? EXIT.failed : EXIT.ok;
}

/** The records with their 24 hours; those without get them now where a source is given, else they are only counted. */
async function hydratedRecords(
  context: CommandContext,
  records: readonly (AnomalyRecord | HydratedRecord)[],
): Promise<{ readonly ready: readonly HydratedRecord[]; readonly unhydrated: number }> {
  const { options, log, streams } = context;
  const missing = records.filter((record) => !isHydrated(record));
  const hasSource = options.source !== undefined || options.data.length > 0;
  if (missing.length === 0 || !hasSource) {
    return { ready: records.filter(isHydrated), unhydrated: missing.length };
  }
  const added = await withProgress(log, "hydrating", streams.nowMs, (progress) => hydrateAll(context, missing, [], progress));
  const byRecord = new Map(missing.map((record, i) => [record, added[i]]));
  return { ready: records.flatMap((record) => (isHydrated(record) ? [record] : (byRecord.get(record) ?? []))), unhydrated: 0 };
}

async function draw(
  { options, signal }: CommandContext,
  records: readonly HydratedRecord[],
  folder: string,
  onDone: (done: number) => void,
): Promise<Drawn> {
  const look = {
    theme: options.theme,
    timezone: options.timezone ?? "UTC",
    format: options.pictureFormat,
    scale: options.scale,
  };
  const jobs = [
    ...(options.overviewOnly
      ? []
      : records.map((record) => ({
          path: join(folder, pictureName(record, look.format)),
          render: () => episodePicture(record, look),
        }))),
    ...(options.noOverview || records.length === 0
      ? []
      : [{ path: join(folder, `overview.${look.format}`), render: () => overviewPicture(records, look) }]),
  ];
  const paths: string[] = [];
  const failures: string[] = [];
  for (const { path, render } of jobs) {
    signal.throwIfAborted();
    try {
      writeFileAtomic(path, await render());
      paths.push(path);
    } catch (thrown) {
      // Where one file cannot be written no other can; what is wrong with one record leaves the others alone.
      if (thrown instanceof OutputError) throw thrown;
      if (!(thrown instanceof AnomalyError) && !(thrown instanceof Error)) throw thrown;
      failures.push(`${path}: ${messageOf(thrown)}`);
    }
    onDone(paths.length + failures.length);
  }
  return { paths, failures };
}
