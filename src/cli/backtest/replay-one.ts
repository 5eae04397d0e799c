import { join } from "node:path";
import { backtestJson, groupJson } from "../../evaluate/figures-json.js";
import { groupResults } from "../../evaluate/group-backtest.js";
import { runBacktest } from "../../evaluate/run-backtest.js";
import { writeFileAtomic } from "../../files/atomic.js";
import { reportLines } from "../../report/terminal/backtest-lines.js";
import { groupLines } from "../../report/terminal/group-lines.js";
import { count } from "../../wording/count.js";
import type { CommandContext } from "../commands/spec.js";
import { withProgress } from "../progress.js";
import { drawResults } from "./draw.js";
import { EPISODES_FILE, fileNames, rememberWritten, removeEarlier } from "./places.js";
import { replayOptions } from "./read.js";
import { type BacktestRequest, slotsOf, warnOfUnscored } from "./request.js";

/** Replays all inputs with one detector: a table of series, a file of scores for each. */
export async function replayOne(
  context: CommandContext<"backtest">,
  { inputs, folder, beganMs }: BacktestRequest,
  detector: string,
): Promise<void> {
  const { options, streams, log } = context;
  const asked = await replayOptions(context, inputs);
  removeEarlier(folder);
  const names = fileNames(inputs);
  rememberWritten(folder, [
    EPISODES_FILE,
    ...names.flatMap((name) => [`${name}.csv`, ...(options.drawScores ? [`${name}.png`] : [])]),
  ]);
  const result = await withProgress(context, "replaying", (progress) =>
    runBacktest(inputs, {
      ...asked,
      detector,
      pathOf: (_, place) => join(folder, `${names[place]}.csv`),
      onProgress: (phase, done, total) => progress.update(done, total, phase),
    }),
  );
  const groups =
    options.groupBy === undefined ? [] : groupResults(result.results, options.groupBy, asked.ignoreMs, detector);
  const records = [...result.results, ...groups].flatMap((one) => one.records);
  writeFileAtomic(join(folder, EPISODES_FILE), records.map((record) => `${JSON.stringify(record)}\n`).join(""));
  if (options.drawScores) await drawResults(context, result.results, (place) => join(folder, `${names[place]}.png`));
  const seconds = (streams.nowMs() - beganMs) / 1000;
  const json = {
    ...backtestJson(result, { detector, seconds }),
    ...(groups.length > 0 && { groups: groups.map(groupJson) }),
  };
  const lines = [...reportLines(result, options.vus), ...groupLines(groups)];
  await streams.out(options.json ? `${JSON.stringify(json)}\n` : `${lines.join("\n")}\n`);
  warnOfUnscored(context, result.results, detector);
  log.info(
    `${folder}/: scores of ${count(inputs.length, "series", "series")} (${slotsOf(inputs)} slots), ` +
      `${count(records.length, "episode")} in ${EPISODES_FILE}`,
  );
}
