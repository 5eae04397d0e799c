import { EXIT, type ExitCode } from "../../errors/errors.js";
import { removeAbandoned } from "../../files/abandoned.js";
import { withLocks } from "../../files/lock.js";
import { hydrateRecords } from "../../hydrate/hydrate-records.js";
import { resumeFrom } from "../../hydrate/resume.js";
import type { AnomalyRecord, HydratedRecord } from "../../records/record.js";
import { existingRecords } from "../../records/records-file.js";
import { isHydrated } from "../../records/schema.js";
import { moment } from "../../runs/moments.js";
import { type ModelPlaces, recordBands } from "../../runs/record-bands.js";
import { withSource } from "../../runs/source/open.js";
import { ROW_ID } from "../../store/row-id.js";
import { count } from "../../wording/count.js";
import type { CommandContext } from "../commands/spec.js";
import { decideDestination, destinationLocks } from "../destination.js";
import { withStore } from "../open-store.js";
import { type Progress, withProgress } from "../progress.js";
import { inputRecords } from "../record-input.js";
import { sourceSpec, surroundings } from "../source-options.js";
import { USUAL_HYDRATED, USUAL_RECORDS } from "../usual-records.js";
import { writeRecords } from "../write-records.js";

/** One run of `anomaly hydrate`. Exit 1 where a record could not be hydrated; all are written. */
export async function hydrate(context: CommandContext<"hydrate">): Promise<ExitCode> {
  const { options, streams, positionals, log } = context;
  const input = await inputRecords(positionals[0], streams, { path: USUAL_RECORDS, command: "infer" });
  const destination = decideDestination(options.output, streams.stdoutKind, USUAL_HYDRATED);
  const path = destination.kind === "path" ? destination.path : undefined;
  return withLocks(destinationLocks(destination), async () => {
    if (path !== undefined) removeAbandoned(path);
    const resumable = path !== undefined && options.recordFormat !== "csv";
    const earlier = resumable ? (await existingRecords(path)).filter(isHydrated) : [];
    const hydrated = await withProgress(context, "hydrating", (progress) =>
      hydrateAll(context, input.records, earlier, progress),
    );
    context.signal.throwIfAborted();
    await writeRecords(hydrated, options.recordFormat, destination, streams, { hydrated: true });
    await keep(context, hydrated);
    const where = path === undefined ? "" : `; ${path}`;
    log.info(`${count(hydrated.length, "record")} from ${input.name}${where}`);
    return reportFailures(hydrated, context);
  });
}

/** Puts what was added into the store's episodes. */
async function keep(context: CommandContext<"hydrate">, records: readonly HydratedRecord[]): Promise<void> {
  // Records of other tools may have ids that no store takes.
  const usual = records.filter(({ id }) => ROW_ID.test(id));
  if (usual.length < records.length) {
    const left = count(records.length - usual.length, "record");
    context.log.warn(`${left} not kept in the store: an id needs 1 to 200 visible ASCII characters`);
  }
  if (usual.length === 0) return;
  const { recordEpisodes } = await import("../../store/episodes.js");
  await withStore(context, (store) =>
    store.transaction((transaction) => recordEpisodes(transaction, usual, context.streams.nowMs())),
  );
}

/** Adds to each record its 24 hours; the source and the models are opened for it and closed again. */
export async function hydrateAll(
  context: CommandContext<"hydrate" | "plot">,
  records: readonly AnomalyRecord[],
  earlier: readonly HydratedRecord[],
  progress: Progress,
): Promise<readonly HydratedRecord[]> {
  const { options, streams } = context;
  if (records.length === 0) return [];
  const bands = options.noBand
    ? undefined
    : await recordBands(records, modelPlaces(context), (message) => context.log.warn(message), options.timezone);
  return withSource(
    sourceSpec(context, options.data),
    bands?.model,
    surroundings(context, progress),
    async (opened) => {
      const timezone = options.timezone ?? bands?.model?.timezone ?? "UTC";
      const nowMs = moment("--at", options.at, { nowMs: streams.nowMs(), timezone }) ?? opened.nowMs;
      const hydrated: HydratedRecord[] = [];
      const done = hydrateRecords(records, {
        source: opened.source,
        template: opened.template,
        nowMs,
        windowMode: options.window,
        bandFor: bands?.bandFor,
        reuse: earlier.length === 0 ? undefined : resumeFrom(earlier, options.window),
        onProgress: ({ done: finished }) => progress.update(finished, records.length),
      });
      for await (const record of done) {
        context.signal.throwIfAborted();
        hydrated.push(record);
      }
      return hydrated;
    },
  );
}

function reportFailures(records: readonly HydratedRecord[], { log }: CommandContext<"hydrate">): ExitCode {
  const failed = records.filter(({ hydrate_error }) => hydrate_error !== undefined);
  if (failed.length === 0) return EXIT.ok;
  const [first] = failed;
  log.error(
    `${failed.length} of ${count(records.length, "record")} could not be hydrated and ${failed.length === 1 ? "is" : "are"} ` +
      `kept with nulls; the first: ${first.machine} ${first.aggregator}: ${first.hydrate_error}`,
  );
  return EXIT.failed;
}

function modelPlaces({ options, origins }: CommandContext<"hydrate" | "plot">): ModelPlaces {
  const name = origins.model === "default" ? undefined : options.model;
  return { folder: options.modelsDir, name, isRequired: origins.model === "flag" };
}
