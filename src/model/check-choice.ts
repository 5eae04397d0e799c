import { isDetectorName } from "../detectors/registry.js";
import { isObject, isPositive } from "../errors/parsed.js";
import { foundValue } from "../wording/found-value.js";
import { type Choice, type SeriesPower, TRAITS } from "./choice.js";

/** What keeps the choice of detectors from being one of ours, or undefined. It was parsed as JSON and can hold anything. */
export function checkChoice(choice: Choice, seriesCount: number): string | undefined {
  if (!isObject(choice)) return "its choice of detectors is not an object";
  const { budget, share, detectors, unknown, curves, series } = choice;
  if (!isObject(budget) || !isPositive(budget.episodes) || !isPositive(budget.perMs)) {
    return "its choice of detectors has no alert budget";
  }
  if (!(isPositive(share) && share < 1)) return `its choice of detectors is for the share ${foundValue(share)}`;
  if (!Array.isArray(detectors) || detectors.length === 0) return "its choice of detectors names none";
  const wrong = detectors.findIndex(
    (one) => !isObject(one) || typeof one.name !== "string" || !isDetectorName(one.name) || !isPositive(one.divisor),
  );
  if (wrong >= 0) return `detector ${wrong} of its choice has no name that is known here, or no divisor`;
  const isPlace = (place: unknown) => Number.isInteger(place) && detectors[place as number] !== undefined;
  if (!isPlace(unknown)) return `its choice for unknown series is ${foundValue(unknown)}`;
  if (!Array.isArray(curves) || !curves.every(isCurve)) return "its choice of detectors lists no shapes of incidents";
  if (!Array.isArray(series) || series.length !== seriesCount) return "its choice and its series differ in number";
  const odd = series.findIndex((one) => !isPower(one, curves.length) || !isPlace(one.detector));
  return odd < 0 ? undefined : `series ${odd} of its choice has no detector and power`;
}

function isCurve(curve: Choice["curves"][number]): boolean {
  return (
    isObject(curve) &&
    typeof curve.name === "string" &&
    ["size", "length"].includes(curve.grows) &&
    Number.isFinite(curve.durationMs)
  );
}

function isPower(one: SeriesPower, curves: number): boolean {
  return (
    isObject(one) &&
    one.power >= 0 &&
    one.power <= 1 &&
    TRAITS.includes(one.trait) &&
    typeof one.measured === "boolean" &&
    Number.isFinite(one.level) &&
    isPositive(one.spread) &&
    Array.isArray(one.smallest) &&
    one.smallest.length === curves &&
    one.smallest.every((size) => size === null || isPositive(size))
  );
}
