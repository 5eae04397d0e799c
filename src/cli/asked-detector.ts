import { formatSpec, parseSpec, splitSpecs } from "../detectors/spec.js";
import { UsageError } from "../errors/errors.js";
import { readDates } from "./dates-file.js";
import type { DetectorSetting } from "./options/parsers.js";

interface Asked {
  readonly detector: string;
  readonly set: readonly DetectorSetting[];
}

/**
 * The detector of `--detector` with the options of `--set`, as `formatSpec` writes it.
 *
 * @throws UsageError for several detectors, and for an option of a detector that is not the one in use.
 */
export function askedDetector(options: Asked): string {
  const asked = askedDetectors(options);
  if (asked.length === 1) return asked[0];
  throw new UsageError(
    "detector",
    `--detector ${options.detector} names ${asked.length} detectors, and one is used at a time; only anomaly backtest compares several`,
  );
}

/**
 * The detectors of `--detector a,b,c` with the options of `--set`, as `formatSpec` writes them, none twice. An option of `--set` is one of
 * every entry of its detector, and wins over the same one in the list.
 *
 * @throws UsageError for an option of a detector that is not among them.
 */
export function askedDetectors({ detector, set }: Asked): readonly string[] {
  const specs = splitSpecs(detector).map(parseSpec);
  const stray = set.find((one) => specs.every(({ name }) => name !== one.detector));
  if (stray !== undefined) {
    throw new UsageError(
      "set",
      `--set ${stray.detector}.${stray.option} is an option of ${stray.detector}, but --detector is ${specs.map(({ name }) => name).join(",")}; add --detector ${stray.detector}`,
    );
  }
  const whole = specs.map(({ name, set: own }) => {
    const more = set.filter((one) => one.detector === name).map(({ option, value }) => [option, plainValue(value)]);
    return formatSpec({ name, set: { ...own, ...Object.fromEntries(more) } });
  });
  return [...new Set(whole)];
}

/** `@holidays.csv` is the dates of that file, so that the detector is the same one wherever the file lies. */
function plainValue(value: string): string {
  return value.startsWith("@") ? readDates(value.slice(1)).join("+") : value;
}
