import { UsageError } from "../errors/errors.js";
import type { FigureLine, Figures } from "./fit.js";
import type { Detector } from "./kind.js";
import { isOwnName } from "./own-name.js";
import { type DetectorSpec, parseSpec } from "./spec.js";

/**
 * Every detector: a folder, and a line here. Help, choices, model files, backtests and benches read this table; nothing else names one.
 * The code of a detector is loaded where it is used. `rowCost` is what scoring a slot takes, as a multiple of the cheapest: of two that find
 * as much the cheaper is taken.
 */
export const DETECTORS = {
  residual: {
    about: "each series against its own past",
    rowCost: 2,
    load: async (): Promise<Detector> => (await import("./residual/detector.js")).residual,
  },
  family: {
    about: "one forest model for all series together",
    rowCost: 1,
    needsModel: true,
    load: async (): Promise<Detector> => (await import("./family/detector.js")).family as Detector,
  },
  dynamics: {
    about: "the usual of each hour of the week",
    rowCost: 2,
    load: async (): Promise<Detector> => (await import("./dynamics/detector.js")).dynamics,
  },
  funnel: {
    about: "median and MAD of each hour of the day, from a history without wild values",
    rowCost: 2,
    load: async (): Promise<Detector> => (await import("./funnel/detector.js")).funnel,
  },
  zscore: {
    about: "mean and standard deviation of the last hour",
    rowCost: 1,
    load: async (): Promise<Detector> => (await import("./zscore/detector.js")).zscore,
  },
  mad: {
    about: "median and MAD of the last hour",
    rowCost: 1,
    load: async (): Promise<Detector> => (await import("./mad/detector.js")).mad,
  },
  pattern: {
    about: "courses unlike any before, and values beyond four weeks",
    rowCost: 2,
    load: async (): Promise<Detector> => (await import("./pattern/detector.js")).pattern,
  },
  static: {
    about: "limits that you set",
    rowCost: 1,
    load: async (): Promise<Detector> => (await import("./static/detector.js")).fixed,
  },
  holtwinters: {
    about: "level, trend and season by exponential smoothing",
    rowCost: 1,
    load: async (): Promise<Detector> => (await import("./holtwinters/detector.js")).holtwinters,
  },
  boosted: {
    about: "boosted trees over lags, rolling means and the calendar",
    // Trees that are there need not be grown.
    rowCost: ({ scope }) => (scope === "family" ? 2 : 10),
    needsModel: ({ scope }) => scope === "family",
    load: async (): Promise<Detector> => (await import("./boosted/detector.js")).boosted,
  },
  stl: {
    about: "seasons and trend by Loess (STL, MSTL), fitted once a day",
    rowCost: 10,
    load: async (): Promise<Detector> => (await import("./stl/detector.js")).stl,
  },
  lstm: {
    about: "a recurrent network over the last values, yesterday and the calendar",
    rowCost: 3,
    needsModel: true,
    load: async (): Promise<Detector> => (await import("./lstm/detector.js")).lstm as Detector,
  },
  decomposition: {
    about: "what seasons and trend leave, by an isolation forest and for changes of its level",
    rowCost: 20,
    load: async (): Promise<Detector> => (await import("./decomposition/detector.js")).decomposition,
  },
  prophet: {
    about: "Prophet's trend and seasons, fitted once a day",
    rowCost: 30,
    load: async (): Promise<Detector> => (await import("./prophet/detector.js")).prophet,
  },
} as const satisfies Readonly<Record<string, DetectorEntry>>;

/** A line of the table. */
interface DetectorEntry {
  readonly about: string;
  readonly rowCost: number | ((set: DetectorSpec["set"]) => number);
  /** It scores only with what `train` has learned, always or with some options. Default: it learns of each series as it scores. */
  readonly needsModel?: true | ((set: DetectorSpec["set"]) => boolean);
  readonly load: () => Promise<Detector>;
}

/** A detector as it is written: a name of the table, with options or without (`formatSpec`). */
export type DetectorName = string;
export const DETECTOR_NAMES: readonly string[] = Object.keys(DETECTORS);
/** How much time `auto` may take to try detectors, and to run the chosen ones. */
export const EFFORTS = ["low", "normal", "high"] as const;
export type Effort = (typeof EFFORTS)[number];

/** A slot of these costs no more than this many times that of the cheapest. */
const MOST_ROW_COST: Readonly<Record<Exclude<Effort, "low">, number>> = { normal: 2, high: Number.POSITIVE_INFINITY };
/** Limits that nobody has set find nothing. */
const NEVER_CHOSEN = "static";

/** Those that `auto` chooses from: the two that need no thought, those that cost little more, or all. */
export function autoNames(effort: Effort): readonly string[] {
  if (effort === "low") return [WITHOUT_MODEL, WITH_MODEL];
  return DETECTOR_NAMES.filter((name) => name !== NEVER_CHOSEN && rowCostOf(name) <= MOST_ROW_COST[effort]);
}

function entryOf(name: string): DetectorEntry | undefined {
  const table: Readonly<Record<string, DetectorEntry>> = DETECTORS;
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** What scoring a slot takes, beside the cheapest. @throws RangeError for a name that no detector has. */
export function rowCostOf(text: string): number {
  const { rowCost } = known(text);
  return typeof rowCost === "function" ? rowCost(parseSpec(text).set) : rowCost;
}

/** Whether it scores only with a model. @throws RangeError for a name that no detector has. */
export function needsModel(text: string): boolean {
  const { name, set } = parseSpec(text);
  if (isOwnName(name)) return false;
  const { needsModel: needs = false } = known(text);
  return typeof needs === "function" ? needs(set) : needs;
}

function known(text: string): DetectorEntry {
  const entry = entryOf(parseSpec(text).name);
  if (entry !== undefined) return entry;
  throw new RangeError(`there is no detector "${text}"; there are ${DETECTOR_NAMES.join(", ")}`);
}

/** The one that needs no model, and so is what a first run uses. */
export const WITHOUT_MODEL: DetectorName = "residual";
/** The one that a model is trained for where nothing else is requested; `infer` uses it once there is one. */
export const WITH_MODEL: DetectorName = "family";

/** The one of models and manifests from before they named theirs. */
export const UNNAMED: DetectorName = "family";

/** Whether a text names a detector of this version, or a file that may hold one; its options are not looked at. */
export function isDetectorName(text: string): boolean {
  const name = text.split(":")[0];
  return entryOf(name) !== undefined || isOwnName(name);
}

/**
 * @param text as `formatSpec` writes it.
 * @throws RangeError for a name that no detector has, as of a record of a newer version. UsageError for options that it does not have.
 */
export async function loadDetector(text: string): Promise<Detector> {
  const { name, set } = parseSpec(text);
  const detector = await (isOwnName(name) ? (await import("./own.js")).loadOwn(name) : known(text).load());
  if (Object.keys(set).length === 0) return detector;
  if (detector.configure === undefined) throw new UsageError("set", `the detector ${name} has no options`);
  return detector.configure(set);
}

/**
 * The figures of a manifest for people; none where this version knows nothing of the detector.
 *
 * @param name undefined in a manifest from before they named it.
 */
export async function figureLinesOf(name: string | undefined, figures: Figures): Promise<readonly FigureLine[]> {
  const known = name ?? UNNAMED;
  const fit = isDetectorName(known) ? await (await loadDetector(known)).loadFit?.() : undefined;
  return fit?.figureLines(figures) ?? [];
}
