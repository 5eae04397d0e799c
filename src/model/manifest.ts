import type { Figures, Fitted } from "../detectors/fit.js";
import { formatDuration } from "../time/duration.js";
import { formatUtc } from "../time/format.js";
import { type ChoiceSummary, describeChoice } from "./describe-choice.js";
import type { Model } from "./model.js";

/** What a person wants to know of a model without loading it. Times are ISO 8601 in UTC. */
export interface Manifest {
  readonly name: string;
  readonly format: number;
  readonly trained_at: string;
  readonly toolkit: string;
  readonly node: string;
  /** sha256 of the model file, without its last 32 bytes: it is also those 32 bytes. */
  readonly model_sha256: string;
  readonly model_bytes: number;
  readonly data: {
    readonly sha256: string;
    readonly files: readonly string[];
    readonly from: string;
    readonly until: string;
    readonly step: string;
    readonly series: number;
    readonly points: number;
    readonly left_out: readonly { readonly name: string; readonly reason: string }[];
  };
  readonly options: Readonly<Record<string, string | number | boolean | null>>;
  /** The detector that was fitted; absent in manifests from before it was named. */
  readonly detector?: string;
  /** Its own figures of the fit. */
  readonly metrics: Figures;
  /** Which detectors look at the series and what they would find; absent where that was not measured. */
  readonly power?: ChoiceSummary;
}

export interface ManifestFacts {
  readonly name: string;
  readonly trainedAtMs: number;
  readonly toolkitVersion: string;
  readonly nodeVersion: string;
  readonly files: readonly string[];
  readonly format: number;
  readonly detector: string;
}

/** The manifest without the figures of the file itself, which are known only once it is encoded. */
export type ManifestDraft = Omit<Manifest, "model_sha256" | "model_bytes">;

export function describeModel(model: Model, fitted: Fitted, facts: ManifestFacts): ManifestDraft {
  return {
    name: facts.name,
    format: facts.format,
    trained_at: formatUtc(facts.trainedAtMs),
    toolkit: facts.toolkitVersion,
    node: facts.nodeVersion,
    data: {
      sha256: model.fingerprint,
      files: facts.files,
      from: formatUtc(fitted.range.startMs),
      until: formatUtc(fitted.range.endMs),
      step: formatDuration(fitted.stepMs),
      series: fitted.inventory.series.length,
      points: fitted.points,
      left_out: fitted.leftOut,
    },
    options: model.options,
    detector: facts.detector,
    metrics: fitted.figures,
    ...(model.choice !== undefined && { power: describeChoice(model.choice) }),
  };
}
