import type { HydratedRecord } from "../records/record.js";
import { formatDuration } from "../time/duration.js";
import { count } from "../wording/count.js";
import { formatValue } from "../wording/format-value.js";
import { kindWords } from "../wording/kind.js";
import { formatIn } from "../wording/moment.js";
import { percent } from "../wording/percent.js";
import { shownUnit } from "../wording/shown-unit.js";
import { plainText } from "./text-width.js";

/** A figure of the window under the picture: what it is and how much. */
export interface Figure {
  readonly label: string;
  readonly value: string;
}

/** `level shift up · 2025-07-02 11:40 → 12:00 UTC · 20m, 1 point · closed` */
export function episodeLine(record: HydratedRecord, timezone: string): string {
  const [from, to] = [Date.parse(record.start), Date.parse(record.end)];
  const fromText = formatIn(from, timezone);
  const toText = formatIn(to, timezone);
  // The day is not said twice.
  const until = toText.slice(0, 10) === fromText.slice(0, 10) ? toText.slice(11) : toText;
  return [
    kindWords(record),
    `${fromText} → ${until} ${timezone}`,
    `${formatDuration(Math.max(1000, to - from))}, ${count(record.points, "point")}`,
    record.status === "open" ? "still open" : "closed",
  ].join(" · ");
}

/** `peak 0.101 at 2025-07-02 11:40 UTC · expected 0.0231, band 0.0178 to 0.0282` */
export function worstPointLine(record: HydratedRecord, timezone: string): string {
  const at = `at ${formatIn(Date.parse(record.timestamp), timezone)} ${timezone}`;
  const value = (of: number | null) => formatValue(of, shownUnit(record), resolutionOf(record));
  const parts: string[] = [];
  if (record.observed === null) {
    const last = lastBefore(record);
    parts.push(
      last === undefined
        ? `no value ${at}`
        : `no value ${at}, the last was ${value(last.value)} at ${formatIn(last.atMs, timezone)}`,
    );
  } else {
    parts.push(`${worstWord(record)} ${value(record.observed)} ${at}`);
  }
  const range =
    record.lower === null || record.upper === null ? "" : `band ${value(record.lower)} to ${value(record.upper)}`;
  const expected = record.expected === null ? "" : `expected ${value(record.expected)}`;
  const usual = [expected, range].filter((text) => text !== "").join(", ");
  return [...parts, usual].filter((text) => text !== "").join(" · ");
}

/**
 * The last value before a worst point that has none. It may lie inside the episode: one that began with too high values can
 * end in silence. Only where the window holds nothing before that point is it the last one before the episode.
 */
function lastBefore(record: HydratedRecord): { readonly value: number; readonly atMs: number } | undefined {
  const { context, last_good_at, last_good_value } = record;
  if (context !== null) {
    const startMs = Date.parse(context.start);
    const stepMs = context.step_s * 1000;
    const worst = Math.ceil((Date.parse(record.timestamp) - startMs) / stepMs);
    for (let i = Math.min(worst, context.observed.length) - 1; i >= 0; i--) {
      const value = context.observed[i];
      if (value !== null) return { value, atMs: startMs + i * stepMs };
    }
  }
  if (last_good_at === null || last_good_value === null) return undefined;
  return { value: last_good_value, atMs: Date.parse(last_good_at) };
}

/** What the worst point is called. */
export function worstWord({ direction }: Pick<HydratedRecord, "direction">): string {
  return { up: "peak", down: "lowest", none: "value" }[direction];
}

/** The reasons as one sentence. */
export function reasonsSentence(record: HydratedRecord): string {
  return plainText(record.reasons.join("; "));
}

/** What `hydrate` found in the window, in the order in which it is requested. */
export function windowFigures(record: HydratedRecord, timezone: string): Figure[] {
  const value = (of: number | null) => formatValue(of, shownUnit(record), resolutionOf(record));
  const lastGood = record.last_good_at === null ? "" : ` at ${formatIn(Date.parse(record.last_good_at), timezone)}`;
  return [
    { label: "window", value: record.window.mode === "centred" ? "±12 h" : "24 h before" },
    { label: "max", value: value(record.max_value) },
    { label: "average", value: value(record.avg_value) },
    { label: "p95", value: value(record.p95_value) },
    { label: "median", value: value(record.p50_value) },
    { label: "min", value: value(record.min_value) },
    { label: "slots with a value", value: percent(record.valid_pct) },
    { label: "usual at these hours", value: value(record.baseline_value) },
    { label: "last value before it", value: value(record.last_good_value) + lastGood },
  ];
}

/** A hundredth of the height of the window: what a person can distinguish in the picture can be distinguished in the figures. */
export function resolutionOf({ max_value, min_value }: HydratedRecord): number {
  return max_value === null || min_value === null ? 0 : (max_value - min_value) / 100;
}
