import type { Model } from "../detectors/family/learned.js";
import type { SeriesProfile } from "../detectors/family/profile.js";
import { checkPlan } from "../features/check-plan.js";
import { featureNames, type View } from "../features/feature-machine.js";
import { checkForest } from "../forest/check-forest.js";
import type { Header } from "./header.js";

/*
 * A model file is input like any other: it may come from another machine or another person. What it says is checked
 * against all it must fit before anything is computed with it, so that it is refused with a sentence or does what its
 * checksum says, and never hangs, fills the memory or reads beside an array.
 */

const VIEWS: readonly View[] = ["recent", "seasonal"];

/** What keeps a header from being one of ours, or undefined. It was parsed as JSON and can hold anything. */
export function checkHeader(header: Header): string | undefined {
  if (!isObject(header)) return "its header is not an object";
  if (!isObject(header.plan)) return "its header has no feature plan";
  const plan = checkPlan(header.plan);
  if (plan !== undefined) return `feature plan: ${plan}`;
  if (!isObject(header.featureCounts)) return "its header has no feature counts";
  if (!isObject(header.divisors)) return "its header has no divisors";
  for (const gauge of ["recent", "seasonal", "sustained"] as const) {
    if (!isPositive(header.divisors[gauge])) return `divisor ${gauge} is ${String(header.divisors[gauge])}`;
  }
  if (!isThreshold(header.threshold)) return "its threshold is neither a quantile nor a budget";
  if (!isCount(header.seriesDays)) return `series-days are ${String(header.seriesDays)}`;
  if (typeof header.fingerprint !== "string") return "its fingerprint is no text";
  if (header.unit !== null && typeof header.unit !== "string") return "its unit is no text";
  if (!isObject(header.options) || Object.values(header.options).some(isObject))
    return "its options are no plain values";
  return checkInventory(header.series);
}

function checkInventory(series: Header["series"]): string | undefined {
  if (!Array.isArray(series) || series.length === 0) return "it has no list of series";
  const wrong = series.findIndex(
    (one) =>
      !isObject(one) ||
      typeof one.name !== "string" ||
      !isObject(one.labels) ||
      Object.values(one.labels).some((value) => typeof value !== "string"),
  );
  return wrong < 0 ? undefined : `series ${wrong} has no name and labels`;
}

/** What in the arrays of a model does not fit the rest of it, or undefined. */
export function checkModel({ plan, forests, calibration, series }: Model): string | undefined {
  for (const view of VIEWS) {
    const problem = checkForest(forests[view], featureNames(plan, view).length);
    if (problem !== undefined) return `${view} forest: ${problem}`;
  }
  const { dailyMaxima } = calibration;
  for (let i = 0; i < dailyMaxima.length; i++) {
    const least = i === 0 ? 0 : dailyMaxima[i - 1];
    if (!(dailyMaxima[i] >= least && Number.isFinite(dailyMaxima[i]))) return `daily maximum ${i} is ${dailyMaxima[i]}`;
  }
  for (const { name, profile } of series) {
    const field = wrongField(profile);
    if (field !== undefined) return `profile of ${name}: ${field} is ${profile[field]}`;
  }
  return undefined;
}

const AT_LEAST_ONE = ["recentTail", "seasonalTail", "silenceSlots", "stallSlots", "zeroSlots"] as const;

function wrongField(profile: SeriesProfile): keyof SeriesProfile | undefined {
  if (!Number.isFinite(profile.location)) return "location";
  if (!isPositive(profile.spread)) return "spread";
  if (!(profile.coverage >= 0 && profile.coverage <= 1)) return "coverage";
  // Infinity is legal: zero is an ordinary value there.
  return AT_LEAST_ONE.find((field) => !(profile[field] >= 1));
}

function isThreshold(threshold: Model["threshold"]): boolean {
  if (!isObject(threshold)) return false;
  if (threshold.kind === "quantile") return threshold.p >= 0.5 && threshold.p < 1;
  return threshold.kind === "budget" && isPositive(threshold.episodes) && isPositive(threshold.perMs);
}

function isObject<T>(value: T): value is T & object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isPositive(value: unknown): boolean {
  return typeof value === "number" && value > 0 && Number.isFinite(value);
}

function isCount(value: unknown): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
