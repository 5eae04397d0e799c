import { bandOf } from "../../anomalies/band.js";
import type { AnomalyRecord } from "../../anomalies/record.js";
import { ModelError } from "../../errors/errors.js";
import type { BandProvider } from "../../hydrate/band.js";
import { type LoadedModel, loadModel } from "../../model/folder.js";
import type { Model } from "../../model/model.js";
import type { CommandContext } from "../commands/spec.js";
import { detectorFor, methodOf } from "../detector-for.js";

/** The band of a model, and the model itself for its time zone and names. */
export interface ModelBand extends BandProvider {
  readonly model: Model;
}

/**
 * The band that the model draws around a series. Without `--model` it is the model that the records name. Where there is
 * none the records are hydrated without a band, and a warning says so; a damaged model is an error.
 */
export async function modelBand(
  context: CommandContext,
  records: readonly AnomalyRecord[],
): Promise<ModelBand | undefined> {
  const { options, origins, log } = context;
  const { modelName, method } = methodOf(records[0]?.model ?? options.model);
  const name = origins.model === "default" ? modelName : options.model;
  let loaded: LoadedModel;
  try {
    loaded = loadModel(name, options.modelsDir);
  } catch (thrown) {
    if (!(thrown instanceof ModelError) || thrown.code !== "model.missing" || origins.model === "flag") throw thrown;
    log.warn(`no expected band: ${thrown.message} (--no-band says that this is wanted)`);
    return undefined;
  }
  const { model } = loaded;
  const detector = await detectorFor(model, method, model.threshold);
  return {
    model,
    historyMs: detector.historyMs,
    band: (series, range) => bandOf(model, detector, series, range),
  };
}
