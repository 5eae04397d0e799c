import type { HydratedRecord } from "../anomalies/record.js";
import { spreadLabels } from "./direct-labels.js";
import { episodeSpan, type Frame, MARGIN, PICTURE_WIDTH, PLOT_HEIGHT, PLOT_WIDTH, yOf } from "./episode-frame.js";
import type { EpisodePoint } from "./episode-points.js";
import {
  episodeLine,
  reasonsSentence,
  resolutionOf,
  windowFigures,
  worstPointLine,
  worstWord,
} from "./episode-words.js";
import { formatValue } from "./format-value.js";
import { fitText, plainText, textWidth, wrapText } from "./text-width.js";
import type { PlacedBox, PlacedText } from "./vega-lite-spec.js";

/** Texts begin at this distance from the picture's edge. */
const EDGE = 24;
const TEXT_WIDTH = PICTURE_WIDTH - 2 * EDGE;
const LEFT = EDGE - MARGIN.left;
const LABEL_SIZE = 11;
const LABEL_SPACING = 15;

/** Base lines of the header, px above the plot, and of the figures, px below it. */
const LINE = { machine: -122, aggregator: -99, episode: -76, worst: -56, reasons: -36, reasonsMore: -20 } as const;
const FIGURE_LABEL = PLOT_HEIGHT + 74;
const FIGURE_VALUE = PLOT_HEIGHT + 94;
const MACHINE_SIZE = 18;
const BADGE_SIZE = 12;

function badge(record: HydratedRecord): { text: string; width: number } {
  const text = record.severity.toUpperCase();
  return { text, width: textWidth(text, BADGE_SIZE, true) + 16 };
}

export function badgeBox(record: HydratedRecord, { theme }: Frame): PlacedBox {
  return {
    x: LEFT,
    y: LINE.machine - 16,
    width: badge(record).width,
    height: 21,
    colour: theme.severity[record.severity],
  };
}

export function headerTexts(record: HydratedRecord, { theme, timezone }: Frame): PlacedText[] {
  const { text, width } = badge(record);
  const machine = fitText(plainText(record.machine), TEXT_WIDTH - width - 12, MACHINE_SIZE, true);
  const reasons = wrapText(reasonsSentence(record), TEXT_WIDTH, 12.5, 2);
  const line = (y: number, words: string, size: number, colour: string): PlacedText => ({
    x: LEFT,
    y,
    text: fitText(words, TEXT_WIDTH, size),
    size,
    colour,
  });
  return [
    {
      x: LEFT + 8,
      y: LINE.machine - 1,
      text,
      size: BADGE_SIZE,
      colour: theme.onSeverity[record.severity],
      weight: "bold",
    },
    { x: LEFT + width + 12, y: LINE.machine, text: machine, size: MACHINE_SIZE, colour: theme.text, weight: "bold" },
    line(LINE.aggregator, plainText(record.aggregator), 15, theme.text),
    line(LINE.episode, episodeLine(record, timezone), 12.5, theme.text),
    line(LINE.worst, worstPointLine(record, timezone), 12.5, theme.text),
    ...reasons.map((words, i) => line(i === 0 ? LINE.reasons : LINE.reasonsMore, words, 12.5, theme.episodeText)),
  ];
}

/** The figures of the window in columns as wide as their words, spread over the whole width. */
export function footerTexts(record: HydratedRecord, { theme, timezone }: Frame): PlacedText[] {
  const figures = windowFigures(record, timezone);
  const widths = figures.map(({ label, value }) => Math.max(textWidth(label, 11), textWidth(value, 14, true)));
  const gap = (TEXT_WIDTH - widths.reduce((a, b) => a + b, 0)) / Math.max(1, figures.length - 1);
  let x = LEFT;
  return figures.flatMap(({ label, value }, i) => {
    const texts: PlacedText[] = [
      { x, y: FIGURE_LABEL, text: label, size: 11, colour: theme.faintText },
      { x, y: FIGURE_VALUE, text: value, size: 14, colour: theme.text, weight: "bold" },
    ];
    x += widths[i] + gap;
    return texts;
  });
}

/** The name of each line beside its end, so that no legend has to be looked up. */
export function endLabels(points: readonly EpisodePoint[], frame: Frame): PlacedText[] {
  const { theme } = frame;
  const ends = [
    { text: "observed", colour: theme.text, value: last(points, (point) => point.observed) },
    { text: "expected", colour: theme.expectedText, value: last(points, (point) => point.expected) },
    { text: "band", colour: theme.bandText, value: last(points, (point) => point.upper) },
    { text: "24 h before", colour: theme.lag24Text, value: last(points, (point) => point.lag24) },
    { text: "72 h before", colour: theme.lag72Text, value: last(points, (point) => point.lag72) },
  ].flatMap(({ value, ...label }) => (value === null ? [] : [{ ...label, y: yOf(value, frame) }]));
  return spreadLabels(ends, PLOT_HEIGHT, LABEL_SPACING).map(({ text, colour, y }) => ({
    x: PLOT_WIDTH + 10,
    y: y + 4,
    text,
    size: LABEL_SIZE,
    colour,
    weight: text === "observed" ? "bold" : "normal",
  }));
}

function last(points: readonly EpisodePoint[], of: (point: EpisodePoint) => number | null): number | null {
  return points.map(of).findLast((value) => value !== null) ?? null;
}

/** What is written into the plot itself: the shade's name, the zone of the axis, and why there is nothing to see. */
export function plotNotes(record: HydratedRecord, points: readonly EpisodePoint[], frame: Frame): PlacedText[] {
  const { theme } = frame;
  const centre = (x: number, y: number, text: string, colour: string, size = LABEL_SIZE): PlacedText => {
    const half = textWidth(text, size) / 2;
    return { x: Math.min(PLOT_WIDTH - half, Math.max(half, x)), y, text, size, colour, align: "center" };
  };
  const notes = [zoneNote(frame)];
  const span = episodeSpan(record, frame);
  if (span !== undefined) {
    const odd = points.filter((point) => point.odd);
    const empty = odd.length > 0 && odd.every((point) => point.observed === null);
    // The worst value stands above the plot: beside its mark it would cross one line or another.
    const worst =
      record.observed === null
        ? ""
        : `: ${worstWord(record)} ${formatValue(record.observed, record.unit, resolutionOf(record))}`;
    notes.push(
      centre((span.from + span.to) / 2, -6, empty ? "episode: no values" : `episode${worst}`, theme.episodeText),
    );
  }
  const nothing =
    record.context === null
      ? `no data: ${plainText(record.hydrate_error ?? "the record was not hydrated")}`
      : points.every((point) => point.observed === null)
        ? "no slot of this window holds a value"
        : undefined;
  if (nothing !== undefined) {
    const text = fitText(nothing, PLOT_WIDTH - 40, 14);
    notes.push(centre(PLOT_WIDTH / 2, PLOT_HEIGHT / 2, text, theme.faintText, 14));
  }
  return notes;
}

/** The zone stands behind the times of the axis; a long name has a line of its own under them. */
function zoneNote({ theme, timezone }: Frame): PlacedText {
  const note = { text: timezone, size: LABEL_SIZE, colour: theme.faintText };
  const x = PLOT_WIDTH + 24;
  return textWidth(timezone, LABEL_SIZE) <= MARGIN.right - EDGE - 4
    ? { ...note, x, y: PLOT_HEIGHT + 18 }
    : { ...note, x: LEFT + TEXT_WIDTH, y: PLOT_HEIGHT + 50, align: "right" };
}
