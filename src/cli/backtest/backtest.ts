import { EXIT, type ExitCode, UsageError } from "../../errors/errors.js";
import { removeUnfinished } from "../../files/abandoned.js";
import { lockPath, withLocks } from "../../files/lock.js";
import { askedDetectors } from "../asked-detector.js";
import type { CommandContext } from "../commands/spec.js";
import { USUAL_BACKTESTS } from "./places.js";
import { readInputs } from "./read.js";
import { replayOne } from "./replay-one.js";
import { replaySeveral } from "./replay-several.js";

/** `anomaly backtest`: reads, replays with one detector or several, writes scores and episodes, and prints what they are worth. */
export async function backtest(context: CommandContext<"backtest">): Promise<ExitCode> {
  const { options, streams } = context;
  const folder = options.output ?? USUAL_BACKTESTS;
  if (folder === "-") throw new UsageError("output", "backtest writes one file per series; give -o a folder");
  const detectors = askedDetectors(options);
  if (options.groupBy !== undefined && detectors.length > 1) {
    throw new UsageError("group_by", "--group-by looks at the scores of one detector; give --detector one name");
  }
  const beganMs = streams.nowMs();
  const inputs = await readInputs(context);
  return withLocks([lockPath(folder)], async () => {
    const request = { inputs, folder, beganMs };
    const run =
      detectors.length === 1 ? replayOne(context, request, detectors[0]) : replaySeveral(context, request, detectors);
    await run.finally(() => removeUnfinished(folder));
    return EXIT.ok;
  });
}
