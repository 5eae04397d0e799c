import type { Manifest } from "../model/manifest.js";
import { aligned, bytes, count, thousands } from "./aligned.js";

/** Features below this share of the importance are left to the manifest. */
const FEATURES_SHOWN = 6;

/** A model's manifest for people. */
export function manifestLines(manifest: Manifest): readonly string[] {
  const { data, metrics, options } = manifest;
  const error = metrics.held_out_error;
  const features = Object.entries(metrics.importance).slice(0, FEATURES_SHOWN);
  return [
    `${manifest.name}  trained ${manifest.trained_at} by anomaly ${manifest.toolkit}, ${bytes(manifest.model_bytes)}`,
    "",
    ...aligned([
      ["data", `${count(data.series, "series", "series")}, ${thousands(data.points)} values, step ${data.step}`],
      ["range", `${data.from} to ${data.until}`],
      [
        "files",
        data.files.length > 3
          ? `${data.files.slice(0, 3).join(", ")} … ${data.files.length} in all`
          : data.files.join(", "),
      ],
      ["left out", data.left_out.length === 0 ? "none" : data.left_out.map(({ name }) => name).join(", ")],
      [
        "error",
        `${error.forest} of a series' spread on days not fitted on (last value ${error.last}, 24 h ago ${error.lag24h})`,
      ],
      [
        "threshold",
        `${metrics.threshold}; about ${count(metrics.expected_alarms_per_week, "false alarm")} a week in all`,
      ],
      ["features", features.map(([name, share]) => `${name} ${Math.round(share * 100)} %`).join(", ")],
      [
        "options",
        Object.entries(options)
          .map(([name, value]) => `${name}=${value}`)
          .join(" "),
      ],
      ["sha256", manifest.model_sha256],
    ]),
  ];
}
