import type { ModelVersion } from "../../model/versions.js";
import { formatDuration } from "../../time/duration.js";
import { formatUtc } from "../../time/format.js";
import { NO_QUERY } from "../http/api-queries.js";
import type { ApiRoute } from "../http/api-routes.js";

/** The model of a job with its versions, and when it is trained again. */
export interface JobModel {
  readonly job: string;
  readonly model: string;
  readonly versions: readonly ModelVersion[];
  /** Null: it is not trained again by itself. */
  readonly retrainMs: number | null;
  /** Null: never by itself, or there is no model yet. */
  readonly dueMs: number | null;
  readonly isRunning: boolean;
  /** Why the newest training failed; null if it did not. */
  readonly failure: string | null;
}

/** `/api/v1/models`. */
export function modelsRoute(models: () => readonly JobModel[]): ApiRoute {
  return {
    path: "/api/v1/models",
    summary: "The model of each job, its versions, and when a challenger is trained",
    query: NO_QUERY,
    state: () => JSON.stringify(models().map(modelJson)),
    answer: () => ({ data: models().map(modelJson) }),
  };
}

function modelJson({ job, model, versions, retrainMs, dueMs, isRunning, failure }: JobModel) {
  return {
    job,
    model,
    versions: versions.map(({ version, role, manifest }) => ({ version, role, trained_at: manifest.trained_at })),
    retrain: retrainMs === null ? null : formatDuration(retrainMs),
    retrain_due_at: dueMs === null ? null : formatUtc(dueMs),
    is_retraining: isRunning,
    retrain_failure: failure,
  };
}
