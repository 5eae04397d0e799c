import type { HydratedRecord } from "../records/record.js";
import { furtherLabels } from "../series/telling-labels.js";
import { formatValue } from "../wording/format-value.js";
import { labelWords } from "../wording/labels.js";
import { formatIn } from "../wording/moment.js";
import { shownUnit } from "../wording/shown-unit.js";
import { spreadLabels } from "./direct-labels.js";
import {
  alertX,
  episodeSpan,
  type Frame,
  MARGIN,
  PICTURE_HEIGHT,
  PICTURE_WIDTH,
  PLOT_WIDTH,
  STRIP,
  yOf,
} from "./episode-frame.js";
import type { EpisodePoint } from "./episode-points.js";
import {
  episodeLine,
  reasonsSentence,
  resolutionOf,
  windowFigures,
  worstPointLine,
  worstWord,
} from "./episode-words.js";
import { hasStrip } from "./history-strip.js";
import { fitText, plainText, textWidth, wrapText } from "./text-width.js";
import type { Theme } from "./theme.js";
import type { PlacedBox, PlacedText } from "./vega-lite-spec.js";

/** Texts begin at this distance from the picture's edge. */
const EDGE = 24;
const TEXT_WIDTH = PICTURE_WIDTH - 2 * EDGE;
const LEFT = EDGE - MARGIN.left;
const LABEL_SIZE = 11;
const LABEL_SPACING = 15;

/** Base lines of the header, px above the plot, and of the figures, px below it. */
const LINE = { machine: -122, aggregator: -99, episode: -76, worst: -56, reasons: -36, reasonsMore: -20 } as const;
const FIGURE = {
  label: PICTURE_HEIGHT - MARGIN.top - 42,
  value: PICTURE_HEIGHT - MARGIN.top - 23,
  labelSize: 10.5,
  valueSize: 12.5,
} as const;
const MACHINE_SIZE = 18;
const AGGREGATOR_SIZE = 15;
const LABELS_SIZE = 12.5;
/** The score stands large at the right of the names. */
const SCORE_SIZE = 24;
const SCORE_NOTE = "score, 1 is the threshold";
const NAMES_WIDTH = TEXT_WIDTH - textWidth(SCORE_NOTE, LABEL_SIZE) - 24;
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
  const machine = fitText(plainText(record.machine), NAMES_WIDTH - width - 12, MACHINE_SIZE, true);
  const reasons = wrapText(reasonsSentence(record), TEXT_WIDTH, 12.5, 2);
  const line = (y: number, words: string, size: number, colour: string): PlacedText => ({
    x: LEFT,
    y,
    text: fitText(words, y <= LINE.aggregator ? NAMES_WIDTH : TEXT_WIDTH, size),
    size,
    colour,
  });
  const right = (y: number, words: string, size: number, colour: string): PlacedText => ({
    ...line(y, words, size, colour),
    x: LEFT + TEXT_WIDTH,
    align: "right",
  });
  return [
    { ...right(LINE.machine + 2, formatValue(record.score, null), SCORE_SIZE, theme.text), weight: "bold" },
    right(LINE.aggregator, SCORE_NOTE, LABEL_SIZE, theme.faintText),
    {
      x: LEFT + 8,
      y: LINE.machine - 1,
      text,
      size: BADGE_SIZE,
      colour: theme.onSeverity[record.severity],
      weight: "bold",
    },
    { x: LEFT + width + 12, y: LINE.machine, text: machine, size: MACHINE_SIZE, colour: theme.text, weight: "bold" },
    ...aggregatorTexts(record, theme),
    line(LINE.episode, episodeLine(record, timezone), 12.5, theme.text),
    line(LINE.worst, worstPointLine(record, timezone), 12.5, theme.text),
    ...reasons.map((words, i) => line(i === 0 ? LINE.reasons : LINE.reasonsMore, words, 12.5, theme.episodeText)),
  ];
}

/** The aggregator, and small behind it all labels that it and the machine do not say. */
function aggregatorTexts(record: HydratedRecord, theme: Theme): PlacedText[] {
  const words = plainText(labelWords(furtherLabels(record)));
  // A long aggregator leaves a third of the line to the labels.
  const aggregator = fitText(
    plainText(record.aggregator),
    words === "" ? NAMES_WIDTH : (2 * NAMES_WIDTH) / 3,
    AGGREGATOR_SIZE,
  );
  const width = textWidth(aggregator, AGGREGATOR_SIZE) + 12;
  return [
    { x: LEFT, y: LINE.aggregator, text: aggregator, size: AGGREGATOR_SIZE, colour: theme.text },
    ...(words === ""
      ? []
      : [
          {
            x: LEFT + width,
            y: LINE.aggregator,
            text: fitText(words, NAMES_WIDTH - width, LABELS_SIZE),
            size: LABELS_SIZE,
            colour: theme.faintText,
          },
        ]),
  ];
}

/** The figures of the window in columns as wide as their words, spread over the whole width. */
export function footerTexts(record: HydratedRecord, { theme, timezone }: Frame): PlacedText[] {
  const figures = windowFigures(record, timezone);
  const widths = figures.map(({ label, value }) =>
    Math.max(textWidth(label, FIGURE.labelSize), textWidth(value, FIGURE.valueSize)),
  );
  const gap = (TEXT_WIDTH - widths.reduce((a, b) => a + b, 0)) / Math.max(1, figures.length - 1);
  let x = LEFT;
  return figures.flatMap(({ label, value }, i) => {
    const texts: PlacedText[] = [
      { x, y: FIGURE.label, text: label, size: FIGURE.labelSize, colour: theme.faintText },
      { x, y: FIGURE.value, text: value, size: FIGURE.valueSize, colour: theme.text },
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
  return spreadLabels(ends, frame.height, LABEL_SPACING).map(({ text, colour, y }) => ({
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
  const notes = [zoneNote(frame, hasStrip(record)), ...unitNote(record, frame)];
  const span = episodeSpan(record, frame);
  if (span !== undefined) {
    const odd = points.filter((point) => point.odd);
    const empty = odd.length > 0 && odd.every((point) => point.observed === null);
    // The worst value is above the plot: beside its mark it would cross one line or another.
    const worst =
      record.observed === null
        ? ""
        : `: ${worstWord(record)} ${formatValue(record.observed, shownUnit(record), resolutionOf(record))}`;
    const alert =
      alertX(record, frame) === undefined
        ? ""
        : `, alert at ${formatIn(Date.parse(record.alerted_at), frame.timezone).slice(11)}`;
    notes.push(
      centre(
        (span.from + span.to) / 2,
        -6,
        (empty ? "episode: no values" : `episode${worst}`) + alert,
        theme.episodeText,
      ),
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
    notes.push(centre(PLOT_WIDTH / 2, frame.height / 2, text, theme.faintText, 14));
  }
  return notes;
}

/** Values of a ratio look like plain numbers: what they are is written above their axis. */
function unitNote(record: HydratedRecord, { theme }: Frame): PlacedText[] {
  if (shownUnit(record) !== "ratio") return [];
  return [{ x: -8, y: -6, text: "ratio", size: LABEL_SIZE, colour: theme.faintText, align: "right" }];
}

/** The zone is behind the times of the axis; a long name has a place of its own under them. */
function zoneNote({ theme, timezone, height }: Frame, strip: boolean): PlacedText {
  const note = { text: timezone, size: LABEL_SIZE, colour: theme.faintText };
  const x = PLOT_WIDTH + 24;
  return textWidth(timezone, LABEL_SIZE) <= MARGIN.right - EDGE - 4
    ? { ...note, x, y: height + 18 }
    : { ...note, x: LEFT + TEXT_WIDTH, y: height + (strip ? STRIP.top - 10 : 50), align: "right" };
}
