import { isGroupRecord } from "../../records/group-members.js";
import type { AnomalyRecord, HydratedRecord, RecordExplanation, Severity } from "../../records/record.js";
import { furtherLabels } from "../../series/telling-labels.js";
import { formatDuration } from "../../time/duration.js";
import { count } from "../../wording/count.js";
import { formatValue } from "../../wording/format-value.js";
import { kindWords } from "../../wording/kind.js";
import { aggregatorWords, labelWords } from "../../wording/labels.js";
import { formatIn } from "../../wording/moment.js";
import type { Paint } from "../../wording/paint.js";
import { percent } from "../../wording/percent.js";
import { shownUnit } from "../../wording/shown-unit.js";
import type { Account } from "../account.js";
import { aligned } from "./aligned.js";
import { memberLines } from "./member-lines.js";
import { plainSpark, sparkText } from "./spark-text.js";
import { clean } from "./text-table.js";

/** Two characters an hour and a half: 24 hours fit a narrow terminal. */
const SPARK_WIDTH = 72;

export interface ExplainLook {
  readonly timezone: string;
  readonly paint: Paint;
}

/** An account of a record as text for people, in paragraphs. */
export function explainLines(
  account: Account,
  record: AnomalyRecord | HydratedRecord,
  { timezone, paint }: ExplainLook,
): string[] {
  const unit = shownUnit(record);
  const value = (of: number | null) => formatValue(of, unit);
  const signed = (of: number | null) => (of !== null && of > 0 ? `+${value(of)}` : value(of));
  const time = (iso: string) => formatIn(Date.parse(iso), timezone);
  const paragraph = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ["", paint.bold(title), ...lines.map((line) => `  ${line}`)];
  const spark = plainSpark(sparkText(record, SPARK_WIDTH));
  const { window } = account;
  const isGroup = isGroupRecord(record);
  const labels = labelWords(furtherLabels(record));
  return [
    `${paint.bold(clean(account.machine))}  ${clean(isGroup ? aggregatorWords(record, []) : account.aggregator)}`,
    `${account.severity}, ${kindWords(record)}, ${account.status === "open" ? "still open" : "closed"}`,
    ...paragraph("since", [
      ...aligned([
        ["begin", `${time(account.start)} ${timezone}`],
        ["alert", `${time(account.alerted_at)}, ${formatDuration(Math.max(1000, account.delay_s * 1000))} after it`],
        [
          account.status === "open" ? "so far" : "end",
          `${time(account.end)}, ${formatDuration(Math.max(1000, Date.parse(account.end) - Date.parse(account.start)))}, ${count(account.points, "anomalous slot")} of ${formatDuration(account.step_s * 1000)}`,
        ],
      ]),
    ]),
    ...paragraph(
      "why",
      account.reasons.map((reason) => clean(reason)),
    ),
    ...paragraph("held back", heldBackLines(account, time)),
    ...paragraph("the score", [
      `${formatValue(account.score, null)}, where 1 is the threshold: ${severitySentence(record.severity)}`,
      ...(account.confidence === null
        ? []
        : [`confidence ${account.confidence}: the chance that people call it real, by earlier verdicts`]),
      ...(isGroup ? [] : valueLines(account, value, signed, time)),
    ]),
    ...paragraph("who drives it", memberLines(account)),
    ...paragraph("how the score was computed", [...partLines(account.explanation, value)]),
    ...(isGroup
      ? []
      : window === null
        ? paragraph("the 24 hours around it", ["not known; anomaly hydrate adds them"])
        : window.error !== null
          ? paragraph("the 24 hours around it", [clean(window.error)])
          : paragraph(`from ${time(window.start)} to ${time(window.end)}`, [
              ...(spark === "" ? [] : [spark]),
              ...aligned([
                ["max", value(window.max), "median", value(window.median)],
                ["average", value(window.average), "min", value(window.min)],
                ["p95", value(window.p95), "slots with a value", percent(window.valid)],
                [
                  "usual at these hours",
                  value(window.usual),
                  "last value before it",
                  `${value(window.last_value)}${window.last_value_at === null ? "" : ` at ${time(window.last_value_at)}`}`,
                ],
              ]),
              ...(account.before === null ? [] : [`in the two weeks before: ${account.before}`]),
            ])),
    ...paragraph("where", [
      ...aligned([
        ["series", clean(account.series)],
        ...(labels === "" ? [] : [["labels", clean(labels)]]),
        ...(isGroup ? [] : [["target", clean(account.target)]]),
        ["detector", clean(originWords(account))],
        ...(account.job === null ? [] : [["job", clean(account.job)]]),
        ["id", clean(account.id)],
      ]),
    ]),
  ];
}

function valueLines(
  account: Account,
  value: (of: number | null) => string,
  signed: (of: number | null) => string,
  time: (iso: string) => string,
): string[] {
  return [
    ...aligned([
      ["observed", value(account.observed), `at ${time(account.timestamp)}`],
      [
        "expected",
        value(account.expected),
        account.deviation === null ? "" : `observed lies ${signed(account.deviation)} from it`,
      ],
      ["band", bandWords(account, value), bandSentence(account, signed)],
    ]).map((line) => line.trimEnd()),
    ...[normalSentence(account, value)].filter((line) => line !== ""),
  ];
}

/** Why nothing alerts for it, and what would end that; empty where verdicts changed nothing. */
function heldBackLines({ adjusted_by }: Account, time: (iso: string) => string): string[] {
  if (adjusted_by === null) return [];
  if (adjusted_by.kind === "confidence") {
    const { confidence, least } = adjusted_by;
    return [`people are likely to call it a false alarm: its confidence is ${confidence}, and ${least} was required`];
  }
  const { verdicts, limit, points } = adjusted_by;
  return [
    `alone on its machine, below a score of ${formatValue(limit, null)} and no longer than ${count(points, "slot")}: no more than a false alarm of its series`,
    ...verdicts.map(
      ({ episode, at, author, note }) =>
        `${clean(episode)} was false${author === null ? "" : ` to ${clean(author)}`}, ${time(at)}${note === null ? "" : `: ${clean(note)}`}`,
    ),
    `anomaly verdict ${clean(verdicts[0].episode)} true takes it back`,
  ];
}

/** `family at p99, model default 0123456789abcdef`: what an older writer did not say is left out. */
function originWords({ detector, requested_threshold, model, model_version }: Account): string {
  const level =
    requested_threshold === null
      ? ""
      : ` at ${requested_threshold === "own" ? "its own threshold" : requested_threshold}`;
  return `${detector}${level}, model ${model}${model_version === null ? "" : ` ${model_version}`}`;
}

const SEVERITY_SENTENCES: Readonly<Record<Severity, string>> = {
  low: "up to 1.5 is low",
  medium: "from 1.5 it is medium",
  high: "from 2.5, or past 24 h of lateness, it is high",
  critical: "from 4, or past 72 h of lateness, it is critical",
};

function severitySentence(severity: Severity): string {
  return SEVERITY_SENTENCES[severity];
}

function bandWords({ lower, upper }: Account, value: (of: number | null) => string): string {
  return lower === null || upper === null ? "–" : `${value(lower)} to ${value(upper)}`;
}

function bandSentence({ beyond_band }: Account, signed: (of: number | null) => string): string {
  if (beyond_band === null) return "";
  return beyond_band === 0
    ? "observed is inside the band: another rule found it"
    : `observed lies ${signed(beyond_band)} outside`;
}

/** What would have had to be different; empty where the record cannot say. */
function normalSentence(
  { observed, lower, upper, beyond_band }: Account,
  value: (of: number | null) => string,
): string {
  if (observed === null) return "no value came: any value would have ended the silence";
  if (beyond_band === null || beyond_band === 0) return "";
  return `it would not have been anomalous ${beyond_band > 0 ? `at or below ${value(upper)}` : `at or above ${value(lower)}`}`;
}

/** A line a part, the largest share of an alarm first: how far it was off, and at what size it alone is one. */
function partLines(explanation: RecordExplanation | null, value: (of: number | null) => string): string[] {
  if (explanation === null) return [];
  const size = (of: number | null, unit: "slots" | "share" | undefined) =>
    unit === undefined ? value(of) : unit === "share" ? formatValue(of, null) : `${of ?? "–"} ${unit}`;
  const lines = aligned(
    explanation.parts.map((part) => [
      clean(part.name),
      part.unit !== "slots" ? `off by ${size(part.value, part.unit)}` : size(part.value, part.unit),
      `1 is reached at ${size(part.limit, part.unit)}`,
      `${formatValue(shareOf(part), null)} of it`,
    ]),
  );
  const passing = passingSentence(explanation.passes, value);
  return [
    ...(explanation.class === undefined ? [] : [`classified as ${clean(explanation.class)}`]),
    ...lines,
    ...(passing === "" ? [] : [passing]),
  ];
}

function shareOf({ value, limit }: RecordExplanation["parts"][number]): number | null {
  return value === null || limit === null ? null : Math.abs(value) / limit;
}

/** Which values would have been taken for ordinary, all before being as it was; empty where that is not known. */
function passingSentence(passes: RecordExplanation["passes"], value: (of: number | null) => string): string {
  if (passes === null || (passes.low === null && passes.high === null)) return "";
  if (passes.low === null) return `any value up to ${value(passes.high)} would have passed`;
  if (passes.high === null) return `any value from ${value(passes.low)} on would have passed`;
  return `any value from ${value(passes.low)} to ${value(passes.high)} would have passed`;
}
