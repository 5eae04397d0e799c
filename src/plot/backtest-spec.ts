import { frameOf, type ReplayedSeries, scorePanel, valuePanel } from "./backtest-panels.js";
import type { PictureOptions } from "./episode-spec.js";
import { plainText } from "./text-width.js";
import { THEMES, type Theme } from "./theme.js";
import { CONFIG, type VegaLiteSpec } from "./vega-lite-spec.js";

/** A replayed series with its score; NaN was not scored. */
export interface BacktestPicture extends ReplayedSeries {
  readonly title: string;
  readonly score: Float64Array;
}

const SCORE_HEIGHT = 150;
const VALUE_HEIGHT = 300;

/**
 * The picture of a replay as a Vega-Lite specification: the score with its threshold above the series, on one time axis; labelled
 * events shaded, slots at or above the threshold as dots, warm-up greyed. A history of any length is drawn with at most
 * four points a pixel.
 */
export function backtestSpec(picture: BacktestPicture, options: PictureOptions = {}): VegaLiteSpec {
  const theme = THEMES[options.theme ?? "light"];
  const timezone = options.timezone ?? "UTC";
  const frame = frameOf(picture, timezone, theme);
  const words = ["dashed: the threshold, score 1", "dots: slots that reach it", ...shadesInWords(picture, timezone)];
  return pictureOf(
    picture.title,
    words,
    [scorePanel(frame, picture.score, { height: SCORE_HEIGHT }), valuePanel(frame, VALUE_HEIGHT, picture.score)],
    theme,
  );
}

/** What the shades of a picture mean, for its subtitle. */
export function shadesInWords({ label, ignoreSlots }: ReplayedSeries, timezone: string): readonly string[] {
  return [
    ...(label === null ? [] : ["shaded: labelled events"]),
    ...(ignoreSlots > 0 ? ["grey: warm-up"] : []),
    `times in ${timezone}`,
  ];
}

/** Panels under each other below a title. */
export function pictureOf(
  title: string,
  words: readonly string[],
  panels: readonly object[],
  theme: Theme,
): VegaLiteSpec {
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    description: plainText(`Replay of ${title}`),
    title: {
      text: plainText(title),
      subtitle: words.join("   ·   "),
      anchor: "start",
      color: theme.text,
      subtitleColor: theme.faintText,
      fontSize: 16,
      subtitleFontSize: 11,
      offset: 12,
    },
    padding: 20,
    background: theme.background,
    config: CONFIG,
    spacing: 14,
    vconcat: panels,
  } as VegaLiteSpec;
}
