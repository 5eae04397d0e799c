import { isObject, isPositive } from "../../errors/parsed.js";
import { checkPlan } from "../../features/check-plan.js";
import { featureNames, type View } from "../../features/feature-machine.js";
import type { FeaturePlan } from "../../features/feature-plan.js";
import { checkForest } from "../../forest/check-forest.js";
import type { Forest } from "../../forest/forest.js";
import { foundValue } from "../../wording/found-value.js";
import type { Section } from "../kind.js";
import type { Divisors } from "./family.js";
import type { FamilyModel } from "./learned.js";
import type { SeriesProfile } from "./profile.js";

/** What of the model is small. */
interface FamilyHeader {
  readonly plan: FeaturePlan;
  readonly featureCounts: Readonly<Record<View, number>>;
  readonly divisors: Divisors;
  readonly seriesDays: number;
}

const VIEWS: readonly View[] = ["recent", "seasonal"];

/** Order of a profile's numbers. Infinity is legal in a Float64Array, as it is not in JSON. */
const PROFILE_FIELDS = [
  "location",
  "spread",
  "recentTail",
  "seasonalTail",
  "silenceSlots",
  "stallSlots",
  "zeroSlots",
  "coverage",
] as const;

export function encodeFamily({ plan, forests, calibration, profiles }: FamilyModel): Section {
  const header: FamilyHeader = {
    plan,
    featureCounts: { recent: forests.recent.featureCount, seasonal: forests.seasonal.featureCount },
    divisors: calibration.divisors,
    seriesDays: calibration.seriesDays,
  };
  const ofForest = (view: View) => {
    const { roots, feature, threshold, left, leaves } = forests[view];
    return {
      [`${view}.roots`]: roots,
      [`${view}.feature`]: feature,
      [`${view}.threshold`]: threshold,
      [`${view}.left`]: left,
      [`${view}.leaves`]: leaves,
    };
  };
  return {
    header,
    arrays: {
      ...ofForest("recent"),
      ...ofForest("seasonal"),
      dailyMaxima: calibration.dailyMaxima,
      profiles: Float64Array.from(profiles.flatMap((profile) => PROFILE_FIELDS.map((field) => profile[field]))),
    },
  };
}

/**
 * The model of a section. Nothing in it is trusted: with one that passes, every row of a forest ends at a leaf, no index leaves its
 * array, and no window is longer than a month.
 *
 * @throws RangeError saying what does not fit.
 */
export function decodeFamily({ header, arrays }: Section, seriesCount: number): FamilyModel {
  const { plan, featureCounts, divisors, seriesDays } = checkedHeader(header as FamilyHeader);
  const array = <T extends object>(name: string, type: new (length: number) => T): T => {
    const numbers: unknown = arrays[name];
    if (numbers instanceof type) return numbers;
    throw new RangeError(`it must have an array ${name} of ${type.name}`);
  };
  const forest = (view: View): Forest => ({
    featureCount: featureCounts[view],
    roots: array(`${view}.roots`, Int32Array),
    feature: array(`${view}.feature`, Uint8Array),
    threshold: array(`${view}.threshold`, Float32Array),
    left: array(`${view}.left`, Int32Array),
    leaves: array(`${view}.leaves`, Float32Array),
  });
  const numbers = array("profiles", Float64Array);
  if (numbers.length !== seriesCount * PROFILE_FIELDS.length) {
    throw new RangeError(`profiles and series differ: ${numbers.length / PROFILE_FIELDS.length} and ${seriesCount}`);
  }
  const model: FamilyModel = {
    plan,
    forests: { recent: forest("recent"), seasonal: forest("seasonal") },
    calibration: { divisors, dailyMaxima: array("dailyMaxima", Float64Array), seriesDays },
    profiles: Array.from({ length: seriesCount }, (_, s) => {
      const fields = PROFILE_FIELDS.map((field, i) => [field, numbers[s * PROFILE_FIELDS.length + i]]);
      return Object.fromEntries(fields) as SeriesProfile;
    }),
  };
  const wrong = checkModel(model);
  if (wrong !== undefined) throw new RangeError(wrong);
  return model;
}

function checkedHeader(header: FamilyHeader): FamilyHeader {
  if (!isObject(header)) throw new RangeError("its section has no header");
  const { plan, featureCounts, divisors, seriesDays } = header;
  if (!isObject(plan)) throw new RangeError("it has no feature plan");
  const wrong = checkPlan(plan);
  if (wrong !== undefined) throw new RangeError(`feature plan: ${wrong}`);
  if (!isObject(featureCounts)) throw new RangeError("it has no feature counts");
  if (!isObject(divisors)) throw new RangeError("it has no divisors");
  for (const gauge of ["recent", "seasonal", "sustained"] as const) {
    if (!isPositive(divisors[gauge])) throw new RangeError(`divisor ${gauge} is ${foundValue(divisors[gauge])}`);
  }
  if (!Number.isSafeInteger(seriesDays) || seriesDays < 0) {
    throw new RangeError(`series-days are ${foundValue(seriesDays)}`);
  }
  return header;
}

/** What in the arrays of a model does not fit the rest of it, or undefined. */
function checkModel({ plan, forests, calibration, profiles }: FamilyModel): string | undefined {
  for (const view of VIEWS) {
    const problem = checkForest(forests[view], featureNames(plan, view).length);
    if (problem !== undefined) return `${view} forest: ${problem}`;
  }
  const { dailyMaxima } = calibration;
  for (let i = 0; i < dailyMaxima.length; i++) {
    const least = i === 0 ? 0 : dailyMaxima[i - 1];
    if (!(dailyMaxima[i] >= least && Number.isFinite(dailyMaxima[i]))) return `daily maximum ${i} is ${dailyMaxima[i]}`;
  }
  for (const [i, profile] of profiles.entries()) {
    const field = wrongField(profile);
    if (field !== undefined) return `profile ${i}: ${field} is ${profile[field]}`;
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
