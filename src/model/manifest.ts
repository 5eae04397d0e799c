import { sharedIncidents } from "../detectors/family/fit/shared-incidents.js";
import type { TrainSummary } from "../detectors/family/fit/training.js";
import type { View } from "../features/feature-machine.js";
import { formatDuration } from "../time/duration.js";
import { formatUtc } from "../time/format.js";
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
  readonly metrics: {
    readonly fitted_rows: number;
    readonly calibrated_from: string;
    readonly calibrated_series_days: number;
    /** Found in the calibration days and left out of them. */
    readonly incidents_left_out: readonly {
      readonly from: string;
      readonly until: string;
      readonly series: readonly string[];
    }[];
    readonly held_out_error: TrainSummary["heldOutError"];
    readonly threshold: string;
    readonly expected_alarms_per_week: number;
    readonly importance: Readonly<Record<View, Readonly<Record<string, number>>>>;
  };
}

export interface ManifestFacts {
  readonly name: string;
  readonly trainedAtMs: number;
  readonly toolkitVersion: string;
  readonly nodeVersion: string;
  readonly files: readonly string[];
  readonly format: number;
}

/** The manifest without the figures of the file itself, which are known only once it is encoded. */
export type ManifestDraft = Omit<Manifest, "model_sha256" | "model_bytes">;

export function describeModel(model: Model, summary: TrainSummary, facts: ManifestFacts): ManifestDraft {
  const round = (value: number, digits: number) => Number(value.toPrecision(digits));
  const sharesOf = (view: View) =>
    Object.fromEntries(summary.importance.filter((i) => i.view === view).map((i) => [i.feature, round(i.share, 4)]));
  return {
    name: facts.name,
    format: facts.format,
    trained_at: formatUtc(facts.trainedAtMs),
    toolkit: facts.toolkitVersion,
    node: facts.nodeVersion,
    data: {
      sha256: model.fingerprint,
      files: facts.files,
      from: formatUtc(summary.range.startMs),
      until: formatUtc(summary.range.endMs),
      step: formatDuration(summary.stepMs),
      series: summary.series,
      points: summary.points,
      left_out: summary.leftOut,
    },
    options: model.options,
    metrics: {
      fitted_rows: summary.fittedRows,
      calibrated_from: formatUtc(summary.calibratedFromMs),
      calibrated_series_days: summary.seriesDays,
      incidents_left_out: sharedIncidents(summary.incidents).map(({ startMs, endMs, names }) => ({
        from: formatUtc(startMs),
        until: formatUtc(endMs),
        series: names,
      })),
      held_out_error: {
        recent: round(summary.heldOutError.recent, 4),
        seasonal: round(summary.heldOutError.seasonal, 4),
        last: round(summary.heldOutError.last, 4),
        lag24h: round(summary.heldOutError.lag24h, 4),
      },
      threshold: summary.threshold,
      expected_alarms_per_week: round(summary.expectedEpisodesPerWeek, 3),
      importance: { recent: sharesOf("recent"), seasonal: sharesOf("seasonal") },
    },
  };
}
