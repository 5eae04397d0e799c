import { EXIT, type ExitCode } from "../../errors/errors.js";
import { judgedEpisodes } from "../../store/judged.js";
import { checkWords } from "../../verdicts/confidence/check-words.js";
import type { OpenConfidence } from "../../verdicts/confidence/confidence.js";
import { LEAST_VERDICTS } from "../../verdicts/confidence/least-verdicts.js";
import { loadConfidence } from "../../verdicts/confidence/load.js";
import { count } from "../../wording/count.js";
import { percent } from "../../wording/percent.js";
import type { CommandContext } from "../commands/spec.js";
import { withStore } from "../open-store.js";
import { printTable } from "../print-rows.js";

/** `anomaly verdict forest`: what confidence comes from, how it does on later verdicts, and what it looks at. */
export async function forest(context: CommandContext<"verdict">): Promise<ExitCode> {
  const { options, streams, log } = context;
  const judged = await withStore(context, judgedEpisodes);
  const said = judged.filter(({ verdict }) => verdict !== "expected");
  const open = await loadConfidence(said);
  const newest = open?.newest();
  if (open === undefined || newest === undefined) {
    if (options.json) await streams.out(`${JSON.stringify({ check: null, weights: [] })}\n`);
    log.info(
      `${count(said.length, "verdict")} true or false; from ${LEAST_VERDICTS} on a forest estimates the chance that people call an episode real`,
    );
    return EXIT.ok;
  }
  const weights = await weightsIn(open);
  if (options.json) await streams.out(`${JSON.stringify({ check: newest.check, weights })}\n`);
  else {
    const rows = weights.map(({ feature, weight }) => [feature, percent(weight)]);
    await printTable(["feature", "weight"], rows, streams);
  }
  log.info(checkWords(newest.check));
  return EXIT.ok;
}

/** What the estimates depend on, most first; empty where the forest is not used. */
async function weightsIn(open: OpenConfidence) {
  const [{ FEATURES }, { weightsOf }] = await Promise.all([
    import("../../verdicts/confidence/features.js"),
    import("../../verdicts/confidence/grow.js"),
  ]);
  const grown = open.newest()?.forest;
  if (!grown) return [];
  return weightsOf(grown, open.rows())
    .map((weight, i) => ({ feature: FEATURES[i], weight: Number(weight.toFixed(4)) }))
    .sort((a, b) => b.weight - a.weight);
}
