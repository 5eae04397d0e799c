import { formatSpec, parseSpec } from "../detectors/spec.js";
import { UsageError } from "../errors/errors.js";
import type { DetectorSetting } from "./options/parsers.js";

/**
 * The detector of `--detector` with the options of `--set`, as `formatSpec` writes it.
 *
 * @throws UsageError for an option of a detector that is not the one in use.
 */
export function askedDetector({
  detector,
  set,
}: {
  readonly detector: string;
  readonly set: readonly DetectorSetting[];
}): string {
  const { name, set: own } = parseSpec(detector);
  const stray = set.find((one) => one.detector !== name);
  if (stray !== undefined) {
    throw new UsageError(
      "set",
      `--set ${stray.detector}.${stray.option} is an option of ${stray.detector}, but --detector is ${name}; add --detector ${stray.detector}`,
    );
  }
  return formatSpec({ name, set: { ...own, ...Object.fromEntries(set.map(({ option, value }) => [option, value])) } });
}
