import type { FigureLine } from "../../detectors/fit.js";
import type { Manifest } from "../../model/manifest.js";
import { bytes } from "../../wording/bytes.js";
import { count, thousands } from "../../wording/count.js";
import { aligned } from "./aligned.js";

/** Files that are named; the rest is in the manifest. */
const FILES_SHOWN = 3;

/**
 * A model's manifest for people.
 *
 * @param figures what its detector says of its `metrics`, and what would be found. @param versions that are not in use, in words.
 */
export function manifestLines(
  manifest: Manifest,
  figures: readonly FigureLine[],
  versions: readonly string[] = [],
): readonly string[] {
  const { data, options } = manifest;
  const files = data.files.slice(0, FILES_SHOWN).join(", ");
  return [
    `${manifest.name}  trained ${manifest.trained_at} by anomaly ${manifest.toolkit}, ${bytes(manifest.model_bytes)}`,
    "",
    ...aligned([
      ["data", `${count(data.series, "series", "series")}, ${thousands(data.points)} values, step ${data.step}`],
      ["range", `${data.from} to ${data.until}`],
      ["files", data.files.length > FILES_SHOWN ? `${files} … ${data.files.length} in all` : files],
      ["left out", data.left_out.length === 0 ? "none" : data.left_out.map(({ name }) => name).join(", ")],
      ...figures,
      ["options", Object.entries(options).map(optionText).join(" ")],
      ["sha256", manifest.model_sha256],
      ...versions.map((version, i) => [i === 0 ? "versions" : "", version]),
    ]),
  ];
}

const optionText = ([name, value]: readonly [string, unknown]) => `${name}=${value ?? "-"}`;
