import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { EXIT, type ExitCode, UsageError } from "../../errors/errors.js";
import { judgeIncidents } from "../../evaluate/incidents.js";
import { parseTruth } from "../../evaluate/truth.js";
import { existingRecords } from "../../records/records-file.js";
import { TRUTH_FILE } from "../../simulate/fleet-files.js";
import { DAY_MS } from "../../time/duration.js";
import type { WholeContext } from "../commands/spec.js";
import { type DemoPaths, demoSteps } from "./demo-steps.js";
import { judgementLines } from "./judgement-lines.js";

/** Folder that the demo writes into when nothing says otherwise. */
const USUAL_FOLDER = "out/demo";

/** A slot is judged when it is over, so an alarm may begin up to one slot after the incident's end. */
const TOLERANCE_SLOTS = 1;

/**
 * The whole chain, each step being the command's own code with its options set: simulate, train on the history, infer
 * over the live days, hydrate, plot; then what was found against what is known to be wrong.
 */
export async function demo(context: WholeContext): Promise<ExitCode> {
  const { options, streams, log, signal } = context;
  const folder = options.output ?? USUAL_FOLDER;
  if (folder === "-") throw new UsageError("output", "demo writes pictures and files; give -o a folder");
  const paths = demoPaths(folder);
  removeEarlier(paths);
  const beganMs = streams.nowMs();
  for (const step of demoSteps(context, paths)) {
    signal.throwIfAborted();
    const stepBeganMs = streams.nowMs();
    const status = await step.run();
    if (status !== EXIT.ok) return status;
    const seconds = ((streams.nowMs() - stepBeganMs) / 1000).toFixed(1).padStart(5);
    log.painted(`${log.paint.bold(step.name.padEnd(8))} ${seconds} s  ${log.paint.dim(step.about)}`);
  }
  const truthPath = join(paths.fleet, TRUTH_FILE);
  const truth = parseTruth(readFileSync(truthPath, "utf8"), truthPath);
  const toleranceMs = TOLERANCE_SLOTS * options.fleetStep;
  const judgement = judgeIncidents(await existingRecords(paths.records), truth, { toleranceMs });
  const seconds = (streams.nowMs() - beganMs) / 1000;
  const lines = judgementLines(judgement, { seconds, liveMs: options.liveDays * DAY_MS, paths });
  await streams.out(options.json ? `${JSON.stringify({ seconds, folder, ...judgement })}\n` : `${lines.join("\n")}\n`);
  return EXIT.ok;
}

function demoPaths(folder: string): DemoPaths {
  return {
    fleet: join(folder, "fleet"),
    models: join(folder, "models"),
    state: join(folder, "state"),
    states: join(folder, "states.ndjson"),
    records: join(folder, "anomalies.ndjson"),
    hydrated: join(folder, "hydrated.ndjson"),
    plots: join(folder, "plots"),
    report: join(folder, "report.html"),
  };
}

/** What an earlier demo found belongs to another fleet. Only files of its own names go: the folder may be anybody's. */
function removeEarlier({ records, hydrated, state, plots, report }: DemoPaths): void {
  for (const path of [records, hydrated, report, join(state, "demo.json")]) rmSync(path, { force: true });
  let names: readonly string[] = [];
  try {
    names = readdirSync(plots);
  } catch {
    // No earlier pictures.
  }
  for (const name of names) if (/^(anomaly_.+|overview)\.(png|svg|html)$/.test(name)) rmSync(join(plots, name));
}
