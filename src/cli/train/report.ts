import type { FigureLine, Fitted } from "../../detectors/fit.js";
import { type SharedIncident, sharedIncidents } from "../../detectors/shared-incidents.js";
import type { Choice } from "../../model/choice.js";
import type { Manifest } from "../../model/manifest.js";
import { aligned } from "../../report/terminal/aligned.js";
import { choiceLines } from "../../report/terminal/power-lines.js";
import { formatDuration } from "../../time/duration.js";
import { formatUtc } from "../../time/format.js";
import { bytes } from "../../wording/bytes.js";
import { count, thousands } from "../../wording/count.js";
import type { Log } from "../log.js";
import { firstOf } from "./first-of.js";
import type { TrainingHistory } from "./training-history.js";

export interface TrainResult {
  readonly fitted: Fitted;
  /** What its detector says of how well it went. */
  readonly figures: readonly FigureLine[];
  readonly manifest: Manifest;
  /** Undefined where it was not measured. */
  readonly choice: Choice | undefined;
  readonly path: string;
  readonly seconds: number;
}

/** What was found and what is left out of it. */
export function reportHistory(log: Log, history: TrainingHistory): void {
  for (const line of history.lines) log.info(line);
  const leftOut = history.leftOut.map(({ name, reason }) => `left out: ${name}: ${reason}`);
  for (const line of firstOf(leftOut, "series left out", "series left out")) log.info(line);
  for (const note of history.notes) log.info(`note: ${note}`);
}

/** What could not be fetched, target by target. */
export function reportFailures(log: Log, { failures }: TrainingHistory): void {
  for (const line of firstOf(
    failures.map(({ name, reason }) => `${name} could not be fetched: ${reason}`),
    "failure",
  )) {
    log.error(line);
  }
}

/** The end of a training: what the model is, in figures. */
export function reportTraining(log: Log, { fitted, figures, manifest, choice, path, seconds }: TrainResult): void {
  const leftOut = fitted.leftOut.map(({ name, reason }) => `left out: ${name}: ${reason}`);
  for (const line of firstOf(leftOut, "series left out", "series left out")) log.info(line);
  const incidents = sharedIncidents(fitted.incidents).map(incidentLine);
  for (const line of incidents.length === 0 ? [] : firstOf(incidents, "incident")) log.warn(line);
  const series = fitted.inventory.series.length;
  const days = formatDuration(fitted.range.endMs - fitted.range.startMs);
  const step = formatDuration(fitted.stepMs);
  const lines = aligned([
    ["series", `${thousands(series)} over ${days}, step ${step}, ${count(fitted.points, "value")}`],
    ...figures,
    ...(choice === undefined ? [] : choiceLines(choice, manifest.name)),
  ]);
  log.info("");
  for (const line of lines) log.info(line);
  const rate = thousands(fitted.rows / Math.max(seconds, 0.001));
  log.painted(log.paint.green(`${path}: ${bytes(manifest.model_bytes)} in ${seconds.toFixed(1)} s, ${rate} rows/s`), {
    model: path,
    series,
    seconds,
  });
}

/** Enough names to recognise what happened. */
const NAMES_SHOWN = 3;

function incidentLine({ startMs, endMs, names }: SharedIncident): string {
  const more = names.length > NAMES_SHOWN ? ` and ${names.length - NAMES_SHOWN} more` : "";
  const where = `${count(names.length, "series", "series")} (${names.slice(0, NAMES_SHOWN).join(", ")}${more})`;
  const [from, until] = [formatUtc(startMs), formatUtc(endMs)];
  return `left out of calibration: ${from} to ${until} in ${where}; --exclude ${from}/${until} to name it`;
}

/** The whole result as plain data, for `--json`; without a result the reading alone (`--dry-run`). */
export function trainingJson({ json }: TrainingHistory, result?: TrainResult) {
  return result === undefined
    ? json
    : { ...json, seconds: result.seconds, path: result.path, manifest: result.manifest };
}
