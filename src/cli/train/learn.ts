import type { Fit, Fitted } from "../../detectors/fit.js";
import { fitInThreads } from "../../detectors/fit-in-threads.js";
import type { Section } from "../../detectors/kind.js";
import { type DetectorName, loadDetector, needsModel, WITH_MODEL } from "../../detectors/registry.js";
import { parseSpec } from "../../detectors/spec.js";
import { seriesKey, type TimeRange } from "../../series/series.js";
import { checkTimezone } from "../../time/timezone.js";
import { count } from "../../wording/count.js";
import { askedDetectors } from "../asked-detector.js";
import type { CommandContext } from "../commands/spec.js";
import { withProgress } from "../progress.js";
import type { Journals } from "./journals.js";
import type { TrainingHistory } from "./training-history.js";

/** What one detector has learned, for the model file and for people. */
export interface Learned {
  /** As `formatSpec` writes it. */
  readonly spec: DetectorName;
  /** Without options: a section is read whatever options of scoring are set. */
  readonly name: string;
  readonly fit: Fit;
  readonly fitted: Fitted;
  readonly section: Section;
}

/** Fits the detector that every model holds, and then those of `--detector` that learn from history. */
export async function learnAll(
  context: CommandContext<"train">,
  history: TrainingHistory,
  exclude: readonly TimeRange[],
  journals: Journals,
): Promise<readonly [Learned, ...Learned[]]> {
  const first = await learn(context, history, exclude, WITH_MODEL, journals);
  const more: Learned[] = [];
  for (const spec of askedDetectors(context.options)) {
    if (spec === "auto" || parseSpec(spec).name === WITH_MODEL) continue;
    if (!needsModel(spec)) {
      context.log.info(`note: ${spec} learns of each series as it scores; there is nothing to train`);
      continue;
    }
    const learned = await learn(context, history, exclude, spec, journals);
    const [own, all] = [learned.fitted.inventory.series, first.fitted.inventory.series];
    if (own.length !== all.length || own.some(({ labels }, i) => seriesKey(labels) !== seriesKey(all[i].labels))) {
      throw new Error(`${WITH_MODEL} and ${spec} were trained on different series`);
    }
    more.push(learned);
  }
  return [first, ...more];
}

async function learn(
  context: CommandContext<"train">,
  history: TrainingHistory,
  exclude: readonly TimeRange[],
  spec: DetectorName,
  journals: Journals,
): Promise<Learned> {
  const { options, signal, log } = context;
  const { loadFit, encode } = await loadDetector(spec);
  if (loadFit === undefined || encode === undefined) throw new Error(`${spec} has nothing to fit`);
  const fit = await loadFit();
  const timezone = checkTimezone(options.timezone ?? "UTC");
  const fitOptions = { timezone, seed: options.seed, minCoverage: options.minCoverage, exclude };
  const { name } = parseSpec(spec);
  const work = { spec, fitOptions, options: history.options, data: history.fingerprint };
  const journal = fit.isResumable === true ? journals.open(name, work) : undefined;
  if (journal !== undefined && journal.known > 0) {
    log.info(`continuing the training of ${name} that was ended: ${count(journal.known, "part")} of it are done`);
  }
  const fitted = await withProgress(context, spec === WITH_MODEL ? "learning" : `learning ${name}`, (progress) =>
    fitInThreads(spec, fit, history.series, fitOptions, {
      threads: options.threads,
      signal,
      journal,
      onProgress: (done, phase) => progress.update(done, 1, phase),
    }),
  );
  return { spec, name, fit, fitted, section: encode(fitted.learned) };
}

/** The options of further detectors, by `name.option`. */
export function optionsOf(more: readonly Learned[]): Fitted["options"] {
  return Object.fromEntries(
    more.flatMap(({ name, fitted }) =>
      Object.entries(fitted.options).map(([option, value]) => [`${name}.${option}`, value]),
    ),
  );
}
