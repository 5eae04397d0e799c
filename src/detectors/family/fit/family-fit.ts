import type { Fit } from "../../fit.js";
import type { FamilyModel } from "../learned.js";
import { familyFigures, figureLines } from "./figures.js";
import { DEFAULT_TRAINING, training } from "./training.js";
import { openStep } from "./training-steps.js";

/** One forest model for all series of a history together. */
export const familyFit: Fit<FamilyModel> = {
  *course(history, asked) {
    const { model, summary, ...trained } = yield* training(history, { ...DEFAULT_TRAINING, ...asked });
    const { stepMs, range, points, leftOut, incidents } = summary;
    return {
      ...trained,
      ...{ learned: model, stepMs, range, points, leftOut, incidents },
      heldOutFromMs: summary.calibratedFromMs,
      rows: summary.fittedRows + summary.calibratedRows,
      figures: familyFigures(summary),
    };
  },
  openStep,
  figureLines,
};
