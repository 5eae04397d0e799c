import { EXIT } from "../../errors/errors.js";
import { planFleet } from "../../simulate/fleet-plan.js";
import { DEFAULT_FLEET } from "../../simulate/options.js";
import { writeFleet } from "../../simulate/write.js";
import { bytes, count } from "../aligned.js";
import { startProgress } from "../progress.js";
import type { RunCommand } from "./spec.js";

/** `anomaly simulate <folder>`. */
export const run: RunCommand = async ({ positionals: [folder], options, streams, log }) => {
  const plan = planFleet({
    ...DEFAULT_FLEET,
    seed: options.seed,
    machines: options.machines,
    historyDays: options.days,
    liveDays: options.liveDays,
    stepMs: options.fleetStep,
    incidentsPerKind: options.incidents,
  });
  const progress = await startProgress(log, "writing the fleet", streams.nowMs);
  const total = plan.aggregators.length * 2;
  const written = await writeFleet(plan, folder, {
    monthly: options.monthly,
    onProgress: ({ files }) => progress.update(files, Math.max(files, total)),
  }).finally(() => progress.stop());
  if (options.json) await streams.out(`${JSON.stringify({ folder, ...written })}\n`);
  log.info(
    `${folder}: ${count(written.series, "series", "series")} in ${count(written.files.length, "file")} (${bytes(written.bytes)}), ` +
      `${count(plan.options.historyDays, "day")} of history, ${count(plan.options.liveDays, "live day")} with ` +
      count(written.incidents, "labelled incident"),
  );
  return EXIT.ok;
};
