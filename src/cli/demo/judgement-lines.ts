import type { IncidentJudgement } from "../../evaluate/incidents.js";
import { aligned } from "../../report/terminal/aligned.js";
import { INCIDENT_KINDS } from "../../simulate/incident.js";
import { formatDuration } from "../../time/duration.js";
import { count } from "../../wording/count.js";
import { percent } from "../../wording/percent.js";
import type { DemoPaths } from "./demo-steps.js";

export interface JudgementContext {
  readonly seconds: number;
  readonly liveMs: number;
  readonly paths: DemoPaths;
}

/** Found against truth, in a table, and where to look. */
export function judgementLines(
  judgement: IncidentJudgement,
  { seconds, liveMs, paths }: JudgementContext,
): readonly string[] {
  const delay = (ms: number | null) => (ms === null ? "-" : formatDuration(ms));
  const kinds = INCIDENT_KINDS.flatMap((kind) => {
    const of = judgement.byKind[kind];
    return of === undefined
      ? []
      : [[kind, `${of.found} of ${of.incidents}`, `${of.kindRight}`, delay(of.medianDelayMs)]];
  });
  const table = aligned(
    [
      ["incident", "found", "kind right", "median delay"],
      ...kinds,
      ["all", `${judgement.found} of ${judgement.incidents}`, `${judgement.kindRight}`, delay(judgement.medianDelayMs)],
    ],
    ["left", "right"],
  );
  return [
    "",
    ...table,
    "",
    `recall ${percent(judgement.recall)}, precision ${percent(judgement.precision)}: ` +
      `${count(judgement.alarms, "episode")} in ${formatDuration(liveMs)}, ${count(judgement.falseAlarms, "false alarm")}; ${seconds.toFixed(0)} s in all`,
    "",
    "look at",
    ...aligned([
      [`  ${paths.report}`, "what is wrong, for a browser"],
      [`  ${paths.plots}/overview.png`, "all episodes in one picture"],
      [`  ${paths.plots}/`, "one picture an episode"],
      [`  ${paths.hydrated}`, "the records with their 24 hours"],
      [`  ${paths.fleet}/`, "the fleet, with truth.json"],
    ]),
  ];
}
