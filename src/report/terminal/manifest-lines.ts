import type { HeldOutError } from "../../detectors/family/fit/calibrate.js";
import type { Manifest } from "../../model/manifest.js";
import { bytes } from "../../wording/bytes.js";
import { count, thousands } from "../../wording/count.js";
import { percent } from "../../wording/percent.js";
import { aligned } from "./aligned.js";

/** Features and files that are named; the rest is in the manifest. */
const FEATURES_SHOWN = 5;
const FILES_SHOWN = 3;
/** What would be shown as 0 %. */
const LEAST_SHOWN = 0.005;

/** A model's manifest for people. */
export function manifestLines(manifest: Manifest): readonly string[] {
  const { data, metrics, options } = manifest;
  const files = data.files.slice(0, FILES_SHOWN).join(", ");
  const alarms = Number(metrics.expected_alarms_per_week.toPrecision(2));
  return [
    `${manifest.name}  trained ${manifest.trained_at} by anomaly ${manifest.toolkit}, ${bytes(manifest.model_bytes)}`,
    "",
    ...aligned([
      ["data", `${count(data.series, "series", "series")}, ${thousands(data.points)} values, step ${data.step}`],
      ["range", `${data.from} to ${data.until}`],
      ["files", data.files.length > FILES_SHOWN ? `${files} … ${data.files.length} in all` : files],
      ["left out", data.left_out.length === 0 ? "none" : data.left_out.map(({ name }) => name).join(", ")],
      ["error", errorWords(metrics.held_out_error)],
      ["threshold", `${metrics.threshold}; on ordinary days about ${alarms} false alarms a week in all`],
      ...Object.entries(metrics.importance).map(([view, shares]) => [`${view} view`, topFeatures(shares)]),
      ["options", Object.entries(options).map(optionText).join(" ")],
      ["sha256", manifest.model_sha256],
    ]),
  ];
}

const optionText = ([name, value]: readonly [string, unknown]) => `${name}=${value ?? "-"}`;

/** How far predictions were off on the days not fitted on, beside the two simplest ones. */
export function errorWords({ recent, seasonal, last, lag24h }: HeldOutError): string {
  const short = (error: number) => Number(error.toPrecision(3));
  const simplest = `last value ${short(last)}, 24 h ago ${short(lag24h)}`;
  return `${short(recent)} and ${short(seasonal)} (recent and seasonal view) of a series' spread on unseen days; ${simplest}`;
}

/** The most important features with their shares. */
export function topFeatures(shares: Readonly<Record<string, number>>): string {
  const top = Object.entries(shares)
    .slice(0, FEATURES_SHOWN)
    .filter(([, share]) => share >= LEAST_SHOWN)
    .map(([name, share]) => `${name} ${percent(share)}`);
  return top.length === 0 ? "no feature contributes" : top.join(", ");
}
