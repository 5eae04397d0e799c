import { isObject, isPositive } from "../errors/parsed.js";
import { isTimezone } from "../time/timezone.js";
import { foundValue } from "../wording/found-value.js";
import { checkChoice } from "./check-choice.js";
import type { ArrayEntry, ArrayType, Header, SectionEntry } from "./header.js";

/*
 * A model file is input like any other: it may come from another machine or another person. Its checksum only says that nothing
 * was damaged on the way. What its header says is checked against the file before anything is read by it; what a section says is
 * checked by its detector before anything is computed with it.
 */

const DAY_MS = 86_400_000;
export const BYTES_EACH: Readonly<Record<ArrayType, number>> = { f64: 8, f32: 4, i32: 4, u8: 1 };

/** What keeps a header from being one of ours, or undefined. It was parsed as JSON and can hold anything. */
export function checkHeader(header: Header): string | undefined {
  if (!isObject(header)) return "its header is not an object";
  const { stepMs, timezone, threshold, fingerprint, unit, options, series, sections, choice } = header;
  if (!(Number.isInteger(stepMs) && stepMs >= 1 && stepMs <= DAY_MS)) return `its step is ${foundValue(stepMs)}`;
  if (!isTimezone(timezone)) return `timezone is ${foundValue(timezone)}, which is not known here`;
  if (!isThreshold(threshold)) return "its threshold is neither a quantile nor a budget";
  if (typeof fingerprint !== "string") return "its fingerprint is not text";
  if (unit !== null && typeof unit !== "string") return "its unit is not text";
  if (!isObject(options) || Object.values(options).some(isObject)) return "its options are not plain values";
  return (
    checkSeries(series) ??
    checkSections(sections) ??
    (choice === undefined ? undefined : checkChoice(choice, series.length))
  );
}

function checkSeries(series: Header["series"]): string | undefined {
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

function checkSections(sections: readonly SectionEntry[]): string | undefined {
  if (!Array.isArray(sections)) return "it has no list of sections";
  const wrong = sections.findIndex(
    (one) => !isObject(one) || typeof one.detector !== "string" || !Array.isArray(one.arrays),
  );
  if (wrong >= 0) return `section ${wrong} names no detector and arrays`;
  const names = sections.map(({ detector }) => detector);
  return new Set(names).size < names.length ? "two of its sections are of one detector" : undefined;
}

/** The arrays of all sections are one behind the other and fill the file. @param bytes that there are for them. */
export function checkArrays(entries: readonly ArrayEntry[], bytes: number): string | undefined {
  let offset = 0;
  for (const [i, entry] of entries.entries()) {
    if (!isObject(entry) || typeof entry.name !== "string") return `array ${i} has no name`;
    const { name, type, length } = entry;
    if (!Object.hasOwn(BYTES_EACH, type)) return `${name} is of type ${foundValue(type)}`;
    if (!Number.isSafeInteger(length) || length < 0) return `${name} has the length ${foundValue(length)}`;
    if (entry.offset !== offset) return `${name} is at ${foundValue(entry.offset)}, needed ${offset}`;
    // No bit operations here: they would wrap what a crafted length makes of it.
    offset += Math.ceil((length * BYTES_EACH[type]) / 8) * 8;
    if (offset > bytes) return `${name} ends at ${offset}, behind the ${bytes} bytes that there are`;
  }
  return offset === bytes ? undefined : `its arrays have ${offset} bytes, the file has ${bytes} for them`;
}

function isThreshold(threshold: Header["threshold"]): boolean {
  if (!isObject(threshold)) return false;
  if (threshold.kind === "quantile") return threshold.p >= 0.5 && threshold.p < 1;
  return threshold.kind === "budget" && isPositive(threshold.episodes) && isPositive(threshold.perMs);
}
