import { WEEK_MS } from "../../time/duration.js";
import type { FittedDetector } from "../detector.js";
import { dividedDetector } from "../divided.js";
import type { Detector, DetectorSettings } from "../kind.js";
import { learnsAsItScores } from "../machine/as-it-scores.js";
import { type OptionTable, type OptionValues, readOptions } from "../options.js";
import { formatSpec } from "../spec.js";
import type { BandLimits } from "./band-options.js";
import { BandScorer } from "./band-scorer.js";
import type { Forecaster } from "./forecaster.js";

/** What makes one detector with a band differ from another. */
export interface BandKind {
  /** Past that the forecaster keeps. */
  readonly historyMs: number;
  readonly limits: BandLimits;
  /** A forecaster that has seen nothing yet. */
  readonly open: (settings: Pick<DetectorSettings, "stepMs" | "timezone">) => Forecaster;
}

/**
 * A detector that learns of each series as it scores and draws a band around what it expects.
 *
 * @param kindOf what the options come to. @throws UsageError for options that do not go together.
 */
export function bandDetector<Table extends OptionTable>(
  name: string,
  options: Table,
  kindOf: (values: OptionValues<Table>) => BandKind,
): Detector {
  const configure = (set: Readonly<Record<string, string>>): Detector => {
    const kind = kindOf(readOptions(name, options, set));
    return {
      name: formatSpec({ name, set }),
      options,
      configure,
      divisorOf: () => null,
      open: (_, __, settings) => dividedDetector(opened(kind, settings), settings.divisor),
    };
  };
  return configure({});
}

function opened(kind: BandKind, { stepMs, timezone, silenceAfterMs }: DetectorSettings): FittedDetector {
  const silence = silenceAfterMs ?? undefined;
  // The noise of a week says where limits lie.
  return learnsAsItScores(
    stepMs,
    silence,
    kind.historyMs + WEEK_MS,
    () => new BandScorer(stepMs, kind.open({ stepMs, timezone }), kind.limits, silence),
  );
}
