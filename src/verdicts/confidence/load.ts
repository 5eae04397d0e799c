import type { JudgedEpisode } from "../judged.js";
import type { GrownForests, OpenConfidence } from "./confidence.js";
import { LEAST_VERDICTS } from "./least-verdicts.js";

/** Estimates from verdicts; undefined where they are too few. The forest's package is only loaded where there are enough. */
export async function loadConfidence(
  judged: readonly JudgedEpisode[],
  grown?: GrownForests,
): Promise<OpenConfidence | undefined> {
  if (judged.length < LEAST_VERDICTS) return undefined;
  return (await import("./confidence.js")).openConfidence(judged, { grown });
}
