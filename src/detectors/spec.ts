import { UsageError } from "../errors/errors.js";

/** A detector and those of its options that were set. */
export interface DetectorSpec {
  readonly name: string;
  /** Values as people write them, by option. */
  readonly set: Readonly<Record<string, string>>;
}

/**
 * How a detector is written in records, model files and checkpoints: its name, and behind a colon the options that were set, in the
 * order of their names. Two detectors with different options are different detectors; they share no episodes.
 *
 * @example formatSpec({ name: "dynamics", set: { k: "4", bucket: "15m" } }) // "dynamics:bucket=15m,k=4"
 */
export function formatSpec({ name, set }: DetectorSpec): string {
  const options = Object.keys(set)
    .sort()
    .map((option) => `${option}=${set[option]}`);
  return options.length === 0 ? name : `${name}:${options.join(",")}`;
}

/** The reverse of `formatSpec`. @throws UsageError where an option has no value. */
export function parseSpec(text: string): DetectorSpec {
  const colon = text.indexOf(":");
  if (colon < 0) return { name: text, set: {} };
  const name = text.slice(0, colon);
  const options = text
    .slice(colon + 1)
    .split(",")
    .map((option) => {
      const [key, ...value] = option.split("=");
      if (key === "" || value.length === 0) {
        throw new UsageError("detector", `"${text}" is not a detector with options; write ${name}:option=value`);
      }
      return [key, value.join("=")] as const;
    });
  return { name, set: Object.fromEntries(options) };
}

/**
 * The detectors of a list, each as `formatSpec` writes it and none twice. A comma also separates options: what is behind it begins another
 * detector unless it is `option=value`.
 *
 * @example splitSpecs("family,dynamics:k=4,bucket=15m,funnel") // ["family", "dynamics:bucket=15m,k=4", "funnel"]
 * @throws UsageError where an option has no value.
 */
export function splitSpecs(list: string): readonly string[] {
  const parts = list.split(/,(?![a-z][a-z-]*=)/);
  return [...new Set(parts.map((part) => formatSpec(parseSpec(part.trim()))))];
}
