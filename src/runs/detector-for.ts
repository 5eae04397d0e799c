import type { FittedDetector } from "../detectors/detector.js";
import type { Detector } from "../detectors/kind.js";
import { leavingOut } from "../detectors/leaving-out.js";
import { type DetectorName, loadDetector, WITH_MODEL } from "../detectors/registry.js";
import { parseSpec } from "../detectors/spec.js";
import { type Threshold, thresholdLevel } from "../detectors/threshold.js";
import { ModelError } from "../errors/errors.js";
import { unusableModel } from "../model/file.js";
import { type LoadedModel, modelVersion } from "../model/folder.js";
import type { RecordOrigin } from "../records/origin.js";
import { EMPTY_INVENTORY, type Inventory } from "../series/inventory.js";

/** A detector with what it learned, ready to be opened at any threshold. */
export interface ReadyDetector {
  readonly detector: Detector;
  /** Null where it learns of each series as it scores. */
  readonly learned: unknown;
  /** The series that it speaks of. */
  readonly inventory: Inventory;
  readonly loaded: LoadedModel | undefined;
}

/** A detector with the threshold that its score 1 stands for. */
export interface ChosenDetector extends ReadyDetector {
  readonly needsModel: boolean;
  /** As records write it: `p99`, `2/week`, `own`. */
  readonly threshold: string;
  /** What its scores are divided by. */
  readonly divisor: number;
}

/** How it is to look at series. */
export interface Look {
  readonly stepMs: number;
  readonly timezone: string;
  readonly silenceAfterMs: number | null;
}

/**
 * Loads a detector and its section of the model.
 *
 * @throws ModelError where the detector needs a model and there is none, the model was not trained for it, or what it says does not fit.
 */
export async function readyDetector(name: string, loaded: LoadedModel | undefined): Promise<ReadyDetector> {
  const detector = await loadDetector(name);
  const inventory = loaded?.model.inventory ?? EMPTY_INVENTORY;
  if (detector.decode === undefined) return { detector, learned: null, inventory, loaded };
  if (loaded === undefined) throw new ModelError("missing", `the detector ${name} needs a model`);
  const section = loaded.model.sections[parseSpec(name).name];
  if (section === undefined) {
    const there = Object.keys(loaded.model.sections).join(", ");
    throw new ModelError(
      "section",
      `${loaded.path} was trained for ${there}, not for ${name}; run anomaly train with --detector ${name}`,
    );
  }
  try {
    return { detector, learned: decoded(detector.decode, section, inventory.series.length), inventory, loaded };
  } catch (thrown) {
    if (thrown instanceof RangeError) throw unusableModel(loaded.path, thrown.message);
    throw thrown;
  }
}

type Decode = NonNullable<Detector["decode"]>;

/** What sections of models that stay in memory say: the runs of one process share it, and whatever is made ready of it once. */
const DECODED = new WeakMap<object, { readonly decode: Decode; readonly learned: unknown }>();

function decoded(decode: Decode, section: Parameters<Decode>[0], seriesCount: number): unknown {
  const known = DECODED.get(section);
  if (known?.decode === decode) return known.learned;
  const learned = decode(section, seriesCount);
  DECODED.set(section, { decode, learned });
  return learned;
}

/**
 * Puts the threshold where it is wanted.
 *
 * @param threshold undefined: the model's own, or the detector's. @param more what scores are then divided by on top, so that the model's
 * alert budget is kept.
 */
export function atThreshold(ready: ReadyDetector, threshold: Threshold | undefined, more = 1): ChosenDetector {
  const { detector, learned, loaded } = ready;
  const needsModel = detector.decode !== undefined;
  const wanted = threshold ?? loaded?.model.threshold;
  const divisor = wanted === undefined ? null : detector.divisorOf(learned, wanted);
  const budget = loaded?.model.choice?.budget;
  const kept = more === 1 || budget === undefined ? undefined : thresholdLevel({ kind: "budget", ...budget });
  return wanted === undefined || divisor === null
    ? { ...ready, needsModel, threshold: kept ?? "own", divisor: more }
    : { ...ready, needsModel, threshold: kept ?? thresholdLevel(wanted), divisor: divisor * more };
}

/** The detector with its threshold at score 1. It leaves out the spans that a series' knowledge names. */
export function openDetector(
  { detector, learned, inventory, divisor }: Pick<ChosenDetector, "detector" | "learned" | "inventory" | "divisor">,
  { stepMs, timezone, silenceAfterMs }: Look,
): FittedDetector {
  return leavingOut(detector.open(learned, inventory, { stepMs, timezone, silenceAfterMs, divisor }));
}

/** What records of the detector say of where they come from. */
export function originOf(
  modelName: string,
  { detector: { name }, needsModel, loaded, threshold, divisor }: ChosenDetector,
): Omit<RecordOrigin, "job"> {
  return {
    detector: name,
    model: filedUnder(modelName, name),
    model_version: needsModel && loaded !== undefined ? modelVersion(loaded) : null,
    threshold,
    threshold_divisor: divisor,
  };
}

/** What the records of a detector are filed under: detectors share no episodes. */
export function filedUnder(modelName: string, detector: string): string {
  return detector === WITH_MODEL ? modelName : `${modelName}+${detector}`;
}

/** The name of the model in the `model` of a record. */
export function modelNameOf({ model, detector }: Pick<RecordOrigin, "model" | "detector">): string {
  return model.endsWith(`+${detector}`) ? model.slice(0, -detector.length - 1) : model;
}

export type { DetectorName };
