import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readBacktestInputs } from "../../dist/evaluate/backtest-input.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The folder with dev/wsd, dev/aiops, dev/nab and the scorer: QUALITY_DIR, or shared/quality beside the project. */
export function qualityFolder() {
  const folder = process.env.QUALITY_DIR ?? join(ROOT, "../shared/quality");
  return existsSync(join(folder, "dev")) ? folder : undefined;
}

/** Where NAB result files go when nothing says otherwise. */
export const USUAL_NAB_RESULTS = join(ROOT, "out/bench/nab");

/** The labelled series that comes with the project. */
export const EXAMPLE_SET = { name: "example", kpiOf: (file) => file, ignoreMs: 14 * 86_400_000, delaySlots: 3 };

export async function readExample() {
  const { inputs } = await readBacktestInputs([join(ROOT, "data/labelled")], { csv: {}, labelColumn: "label" });
  return inputs;
}
