import { replayEvidence } from "../anomalies/evidence.js";
import { loadModel } from "../model/folder.js";
import { readEvidence } from "../store/evidence-files.js";
import { atThreshold, openDetector, readyDetector } from "./detector-for.js";

/** A score made once more from what it was made of. */
export interface Replayed {
  readonly slots: number;
  readonly model: string;
  /** In full, unlike the record's, which is rounded. */
  readonly score_then: number;
  readonly score_now: number;
  /** To the last bit. */
  readonly is_same: boolean;
  /** The model has been trained again since. */
  readonly is_other_model: boolean;
}

/** @throws InputError without evidence of the record; ModelError without its model. */
export async function replay(id: string, folder: string, modelsFolder: string): Promise<Replayed> {
  const evidence = readEvidence(folder, id);
  const loaded = evidence.model_sha256 === null ? undefined : loadModel(evidence.model, modelsFolder);
  const chosen = atThreshold(await readyDetector(evidence.detector, loaded), evidence.threshold);
  const divisor = evidence.threshold_divisor ?? chosen.divisor;
  const detector = openDetector(
    { ...chosen, divisor },
    {
      stepMs: evidence.step_s * 1000,
      timezone: loaded?.model.timezone ?? "UTC",
      silenceAfterMs: null,
    },
  );
  const { score } = replayEvidence(evidence, detector);
  return {
    slots: evidence.values.length,
    model: evidence.model,
    score_then: evidence.score,
    score_now: score,
    is_same: Object.is(score, evidence.score),
    is_other_model: loaded !== undefined && loaded.checksum !== evidence.model_sha256,
  };
}

export function replayedSentence({ slots, model, score_then, score_now, is_same, is_other_model }: Replayed): string {
  if (is_same) return `${score_now} from the ${slots} slots it was made of: the same to the last bit`;
  const why = is_other_model ? `the model ${model} has been trained again since` : "another version of the detector";
  return `${score_now} from the ${slots} slots it was made of, where it was ${score_then}: ${why}`;
}
