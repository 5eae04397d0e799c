import { EXIT, type ExitCode } from "../../errors/errors.js";
import { planFleet } from "../../simulate/fleet-plan.js";
import { DEFAULT_FLEET } from "../../simulate/options.js";
import { writeFleet } from "../../simulate/write.js";
import { DAY_MS } from "../../time/duration.js";
import { bytes } from "../../wording/bytes.js";
import { count } from "../../wording/count.js";
import type { CommandContext } from "../commands/spec.js";
import { withProgress } from "../progress.js";

/** The live days begin on a Tuesday, so that the usual three or four are working days; the history lies before. */
const LIVE_FROM_MS = Date.UTC(2025, 6, 1);

/** One run of `anomaly simulate`. */
export async function simulate(context: CommandContext<"simulate">): Promise<ExitCode> {
  const {
    positionals: [folder],
    options,
    streams,
    log,
  } = context;
  const plan = planFleet({
    ...DEFAULT_FLEET,
    seed: options.seed,
    machines: options.machines,
    historyDays: options.days,
    liveDays: options.liveDays,
    stepMs: options.fleetStep,
    startMs: LIVE_FROM_MS - options.days * DAY_MS,
    incidentsPerKind: options.incidents,
  });
  const total = plan.aggregators.length * 2;
  const written = await withProgress(context, "writing the fleet", (progress) =>
    writeFleet(plan, folder, {
      monthly: options.monthly,
      onProgress: ({ files }) => progress.update(files, Math.max(files, total)),
    }),
  );
  if (options.json) await streams.out(`${JSON.stringify({ folder, ...written })}\n`);
  log.info(
    `${folder}: ${count(written.series, "series", "series")} in ${count(written.files.length, "file")} (${bytes(written.bytes)}), ` +
      `${count(plan.options.historyDays, "day")} of history, ${count(plan.options.liveDays, "live day")} with ` +
      count(written.incidents, "labelled incident"),
  );
  return EXIT.ok;
}
