import type { JudgedEpisode } from "../verdicts/judged.js";
import type { CommandContext } from "./commands/spec.js";
import { isStoreThere, withStore } from "./open-store.js";

/** The episodes that people gave a verdict on; none with --no-verdicts. */
export async function knownVerdicts(
  context: CommandContext<"infer"> | CommandContext<"backtest">,
): Promise<readonly JudgedEpisode[]> {
  if (context.options.noVerdicts || !isStoreThere(context)) return [];
  return withStore(context, async (store) => (await import("../store/judged.js")).judgedEpisodes(store));
}
