import { type Detected, detect } from "../../anomalies/detect.js";
import type { Problem } from "../../anomalies/detect-request.js";
import type { KnownEpisode } from "../../anomalies/identity.js";
import type { Knobs } from "../../anomalies/knobs.js";
import type { LoadedModel } from "../../model/folder.js";
import { openModel } from "../../model/model.js";
import type { Threshold } from "../../model/threshold.js";
import type { Series, TimeRange } from "../../series/series.js";
import type { VariableValues } from "../options/parsers.js";
import type { Progress } from "../progress.js";
import type { OpenedSource } from "../source/opened.js";
import { withMissingSeries } from "./missing-series.js";

export interface FindRequest {
  readonly loaded: LoadedModel;
  readonly opened: OpenedSource;
  /** What is reported; the history before it is fetched as the model needs it. */
  readonly range: TimeRange;
  readonly threshold: Threshold;
  readonly knobs: Knobs;
  readonly known: readonly KnownEpisode[];
  readonly variables: readonly VariableValues[];
  readonly detectedAtMs: number;
}

export interface Found extends Detected {
  readonly notes: readonly string[];
  readonly fetchedSeries: number;
}

/** Fetches what the model needs to look at the range, and scores it. */
export async function findAnomalies(request: FindRequest, progress: Progress): Promise<Found> {
  const { loaded, opened, range } = request;
  const detector = openModel(loaded.model, request.threshold);
  const { stepMs } = detector;
  const history: TimeRange = {
    // On the grid, so that the first slot is a whole one; one slot more for sources whose start is exclusive.
    startMs: Math.floor((range.startMs - detector.historyMs) / stepMs) * stepMs - stepMs,
    endMs: range.endMs,
  };
  const fetched = await opened.source.fetch(
    { targets: opened.targets, template: opened.template, stepMs },
    history,
    (at) => progress.update(at.doneTargets, at.totalTargets),
  );
  const failed: readonly Problem[] = fetched.problems.map(({ target, kind, reason }) => ({
    labels: target.labels,
    expression: target.expression,
    kind,
    reason,
  }));
  const problems = withMissingSeries(loaded.model, fetched.series, failed, request.variables);
  const detected = detect({
    model: loaded.model,
    detector,
    modelName: loaded.name,
    series: inOrder(fetched.series),
    problems,
    fromMs: range.startMs,
    untilMs: range.endMs,
    knobs: request.knobs,
    detectedAtMs: request.detectedAtMs,
    known: request.known,
    targetOf: opened.targetOf,
  });
  return { ...detected, notes: fetched.notes, fetchedSeries: fetched.series.length };
}

/** By name, so that the records come in one order, whatever the order of replies or files. */
function inOrder(series: readonly Series[]): readonly Series[] {
  return [...series].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
