import { join } from "node:path";
import { compareDetectors } from "../../evaluate/compare-detectors.js";
import { comparisonJson } from "../../evaluate/figures-json.js";
import { writeFileAtomic } from "../../files/atomic.js";
import { comparisonLines } from "../../report/terminal/comparison-lines.js";
import { count } from "../../wording/count.js";
import type { CommandContext } from "../commands/spec.js";
import { withProgress } from "../progress.js";
import { drawComparison } from "./draw.js";
import { ALERTS_FILE, EPISODES_FILE, fileNames, rememberWritten, removeEarlier } from "./places.js";
import { replayOptions } from "./read.js";
import { type BacktestRequest, slotsOf, warnOfUnscored } from "./request.js";

/** Replays all inputs with each detector: a folder of scores for each, one table, and the alerts beside each other. */
export async function replaySeveral(
  context: CommandContext<"backtest">,
  { inputs, folder, beganMs }: BacktestRequest,
  detectors: readonly string[],
): Promise<void> {
  const { options, streams, log } = context;
  const asked = await replayOptions(context, inputs);
  removeEarlier(folder);
  const names = fileNames(inputs);
  const folders = fileNames(detectors.map((name) => ({ name })));
  rememberWritten(folder, [
    ALERTS_FILE,
    ...folders.flatMap((own) => [`${own}/${EPISODES_FILE}`, ...names.map((name) => `${own}/${name}.csv`)]),
    ...(options.drawScores ? names.map((name) => `${name}.png`) : []),
  ]);
  const folderOf = (detector: string) => join(folder, folders[detectors.indexOf(detector)]);
  const comparison = await withProgress(context, "replaying", (progress) =>
    compareDetectors(inputs, detectors, {
      ...asked,
      pathOf: (detector, place) => join(folderOf(detector), `${names[place]}.csv`),
      onProgress: (detector, phase, done, total) => progress.update(done, total, `${detector}, ${phase}`),
    }),
  );
  for (const { detector, backtest } of comparison.runs) {
    const records = backtest.results.flatMap((one) => one.records);
    writeFileAtomic(join(folderOf(detector), EPISODES_FILE), ndjson(records));
  }
  const alertsFile = join(folder, ALERTS_FILE);
  const alerts = comparison.alerts.map(({ scores, ...alert }) => ({
    ...alert,
    scores: Object.fromEntries(detectors.map((detector, d) => [detector, scores[d]])),
  }));
  writeFileAtomic(alertsFile, ndjson(alerts));
  if (options.drawScores) await drawComparison(context, comparison, (place) => join(folder, `${names[place]}.png`));
  const seconds = (streams.nowMs() - beganMs) / 1000;
  const json = `${JSON.stringify(comparisonJson(comparison, { seconds }))}\n`;
  await streams.out(options.json ? json : `${comparisonLines(comparison, alertsFile).join("\n")}\n`);
  for (const { detector, backtest } of comparison.runs) warnOfUnscored(context, backtest.results, detector);
  log.info(
    `${folder}/: scores of ${count(inputs.length, "series", "series")} (${slotsOf(inputs)} slots) by ${count(detectors.length, "detector")}, ` +
      `${count(alerts.length, "alert")} in ${ALERTS_FILE}`,
  );
}

const ndjson = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
