import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { WITH_MODEL } from "../../detectors/registry.js";
import { DEFAULT_THRESHOLD } from "../../detectors/threshold.js";
import { EXIT, type ExitCode, InputError, UsageError } from "../../errors/errors.js";
import { removeAbandoned } from "../../files/abandoned.js";
import { lockPath, withLocks } from "../../files/lock.js";
import { toolVersion } from "../../files/tool-version.js";
import { MODEL_FORMAT_VERSION } from "../../model/file.js";
import { MANIFEST_FILE, MODEL_FILE, saveModel } from "../../model/folder.js";
import { describeModel, type Manifest, type ManifestDraft } from "../../model/manifest.js";
import type { Model } from "../../model/model.js";
import { modelVersions, noChampion, saveChallenger, VERSIONS_FOLDER } from "../../model/versions.js";
import { checkOrder, parseMoment } from "../../runs/moments.js";
import type { TimeRange } from "../../series/series.js";
import { withoutEmptyEnds } from "../../shelf/held-span.js";
import { formatUtc } from "../../time/format.js";
import { checkTimezone } from "../../time/timezone.js";
import { count } from "../../wording/count.js";
import type { CommandContext } from "../commands/spec.js";
import type { Log } from "../log.js";
import { chooseDetectors } from "./choose-detectors.js";
import { journalsAt } from "./journals.js";
import { learnAll, optionsOf } from "./learn.js";
import { reportFailures, reportHistory, reportTraining, trainingJson } from "./report.js";
import type { TrainingHistory } from "./training-history.js";
import { withoutEvents } from "./without-events.js";

/** One run of `anomaly train`: read, say what was read, learn, save. */
export async function train(context: CommandContext<"train">): Promise<ExitCode> {
  const { options, streams } = context;
  const place = modelPlace(options.model, options.modelsDir);
  const exclude = excludedRanges(context);
  if (options.dryRun) {
    return withScratch(join(tmpdir(), `anomaly-train-${process.pid}`), async (scratch) => {
      const history = await reportedHistory(context, scratch);
      if (options.json) await streams.out(`${JSON.stringify(trainingJson(history))}\n`);
      return EXIT.ok;
    });
  }
  const target = join(place.folder, place.name);
  if (!options.challenger) {
    return withLocks([lockPath(target)], () =>
      withScratch(join(place.folder, `.${place.name}.scratch`), (scratch) =>
        learnAndSave(context, place, exclude, scratch),
      ),
    );
  }
  if (modelVersions(place.folder, place.name).length === 0) throw noChampion(place.folder, place.name);
  // The model in use is not written, so that whoever promotes or trains it need not wait.
  return withLocks([lockPath(join(target, VERSIONS_FOLDER))], () =>
    withScratch(join(place.folder, `.${place.name}.challenger.scratch`), (scratch) =>
      learnAndSave(context, place, exclude, scratch),
    ),
  );
}

/** Large exports are put into files there; what a killed run has left is removed as well. */
async function withScratch<T>(folder: string, work: (folder: string) => Promise<T>): Promise<T> {
  const clear = () => rmSync(folder, { recursive: true, force: true });
  clear();
  try {
    return await work(folder);
  } finally {
    clear();
  }
}

async function learnAndSave(
  context: CommandContext<"train">,
  place: ModelPlace,
  exclude: readonly TimeRange[],
  scratch: string,
): Promise<ExitCode> {
  const { options, streams, log } = context;
  for (const file of [MODEL_FILE, MANIFEST_FILE]) removeAbandoned(join(place.folder, place.name, file));
  const { history, everywhere } = await withoutEvents(context, await reportedHistory(context, scratch));
  const without = [...exclude, ...everywhere];
  context.signal.throwIfAborted();
  if (options.challenger && history.failures.length > 0) {
    reportFailures(log, history);
    const failed = count(history.failures.length, "target");
    throw new InputError("partial", `${failed} could not be fetched, and a challenger needs all series; train again`);
  }
  const beganMs = streams.nowMs();
  const journals = journalsAt(join(place.folder, `.${place.name}${options.challenger ? ".challenger" : ""}`));
  const [{ fit, fitted, section }, ...more] = await learnAll(context, history, without, journals).finally(
    journals.close,
  );
  const choice = await chooseDetectors(context, history.series, fitted, without, more);
  const asked = { from: options.from ?? null, until: options.until ?? null, step: options.step ?? null };
  const model: Model = {
    stepMs: fitted.stepMs,
    timezone: checkTimezone(options.timezone ?? "UTC"),
    inventory: fitted.inventory,
    unit: fitted.unit,
    threshold: DEFAULT_THRESHOLD,
    fingerprint: history.fingerprint,
    options: { ...fitted.options, ...asked, ...history.options, ...optionsOf(more) },
    sections: { [WITH_MODEL]: section, ...Object.fromEntries(more.map((one) => [one.name, one.section])) },
    ...(choice !== undefined && { choice }),
  };
  warnOfUselessExclusions(log, exclude, fitted.range);
  context.signal.throwIfAborted();
  const figures = { ...fitted.figures, ...Object.fromEntries(more.map((one) => [one.name, one.fitted.figures])) };
  const draft = describeModel(
    model,
    { ...fitted, figures },
    {
      name: place.name,
      // Whole seconds, as all times that are written.
      trainedAtMs: Math.floor(streams.nowMs() / 1000) * 1000,
      toolkitVersion: toolVersion(),
      nodeVersion: process.version,
      files: history.origins,
      format: MODEL_FORMAT_VERSION,
      detector: WITH_MODEL,
    },
  );
  const saved = save(context, place, model, draft);
  journals.remove();
  const result = {
    fitted,
    figures: [fit.figureLines(fitted.figures), ...more.map((one) => one.fit.figureLines(one.fitted.figures))].flat(),
    manifest: saved.manifest,
    choice,
    path: saved.path,
    seconds: (streams.nowMs() - beganMs) / 1000,
  };
  reportTraining(log, result);
  if (options.challenger) log.info(`not in use yet; anomaly models promote ${place.name} ${basename(saved.path)}`);
  if (options.json) await streams.out(`${JSON.stringify(trainingJson(history, result))}\n`);
  reportFailures(log, history);
  return history.failures.length > 0 ? EXIT.failed : EXIT.ok;
}

function save(
  { options, streams }: CommandContext<"train">,
  { folder, name }: ModelPlace,
  model: Model,
  draft: ManifestDraft,
): { readonly path: string; readonly manifest: Manifest } {
  if (!options.challenger) return { path: join(folder, name), manifest: saveModel(folder, name, model, draft) };
  const { version, manifest } = saveChallenger(folder, name, model, draft, streams.nowMs());
  return { path: join(folder, name, VERSIONS_FOLDER, version), manifest };
}

function warnOfUselessExclusions(log: Log, exclude: readonly TimeRange[], covered: TimeRange): void {
  for (const range of exclude) {
    if (range.startMs < covered.endMs && range.endMs > covered.startMs) continue;
    const stretch = `${formatUtc(range.startMs)} to ${formatUtc(range.endMs)}`;
    log.warn(`--exclude ${stretch} leaves nothing out: the history does not cover it`);
  }
}

interface ModelPlace {
  readonly folder: string;
  readonly name: string;
}

/** Models are written below the models folder only: a name that leads elsewhere may come from a job of somebody else's. */
function modelPlace(model: string, modelsDir: string): ModelPlace {
  if (model === "" || model === "." || model === ".." || /[/\\]/.test(model)) {
    throw new UsageError(
      "model",
      `"${model}" cannot be a model's name: models are written below ${modelsDir}/; give a name without slashes, and the folder with --models-dir`,
    );
  }
  return { folder: modelsDir, name: model };
}

/** Reads the history and says what was found; @throws InputError where that leaves nothing to train on. */
async function reportedHistory(context: CommandContext<"train">, scratchFolder: string): Promise<TrainingHistory> {
  const history = await readHistory(context, scratchFolder);
  reportHistory(context.log, history);
  if (history.series.length === 0) {
    const [{ name, reason }] = history.leftOut;
    const all = count(history.leftOut.length, "series", "series");
    throw new InputError("no_series", `nothing to train on: all of ${all} left out; the first: ${name}: ${reason}`);
  }
  return { ...history, series: withoutEmptyEnds(history.series) };
}

/** Each kind of source is loaded only when it is used: CSV needs no HTTP client. */
async function readHistory(context: CommandContext<"train">, scratchFolder: string): Promise<TrainingHistory> {
  const kind = context.options.source ?? "csv";
  if (kind === "csv") return (await import("./csv-history.js")).csvHistory(context, scratchFolder);
  return (await import("./server-history.js")).serverHistory(context, kind);
}

/** The incidents that must not be learned; read first, because a slip in them should not wait for months of CSV. */
function excludedRanges({ options, streams }: CommandContext<"train">): readonly TimeRange[] {
  const instant = { nowMs: streams.nowMs(), timezone: checkTimezone(options.timezone ?? "UTC") };
  return options.exclude.map(({ from, until }) => {
    const range = { startMs: parseMoment("--exclude", from, instant), endMs: parseMoment("--exclude", until, instant) };
    checkOrder(range.startMs, range.endMs, ["--exclude: the start", "its end"]);
    return range;
  });
}
