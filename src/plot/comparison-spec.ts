import { frameOf, type ReplayedSeries, scorePanel, valuePanel } from "./backtest-panels.js";
import { pictureOf, shadesInWords } from "./backtest-spec.js";
import type { PictureOptions } from "./episode-spec.js";
import { plainText } from "./text-width.js";
import { THEMES, type Theme } from "./theme.js";
import type { VegaLiteSpec } from "./vega-lite-spec.js";

/** One series as several detectors have scored it. */
export interface ComparisonPicture extends ReplayedSeries {
  readonly title: string;
  readonly detectors: readonly {
    readonly name: string;
    /** NaN was not scored. */
    readonly score: Float64Array;
  }[];
}

const VALUE_HEIGHT = 220;
const LANE_HEIGHT = 64;

/**
 * The picture of a comparison as a Vega-Lite specification: the series with labelled events shaded, and below it the score of each detector in a
 * lane of its own, with dots where it reaches the threshold. All share one time axis.
 */
export function comparisonSpec(picture: ComparisonPicture, options: PictureOptions = {}): VegaLiteSpec {
  const theme = THEMES[options.theme ?? "light"];
  const timezone = options.timezone ?? "UTC";
  const frame = frameOf(picture, timezone, theme);
  const lanes = picture.detectors.map(({ name, score }) => ({
    title: laneTitle(name, theme),
    ...scorePanel(frame, score, { height: LANE_HEIGHT, dots: true }),
  }));
  const words = ["dashed: the threshold, score 1", "dots: slots that reach it", ...shadesInWords(picture, timezone)];
  return pictureOf(picture.title, words, [valuePanel(frame, VALUE_HEIGHT), ...lanes], theme);
}

function laneTitle(name: string, theme: Theme) {
  return {
    text: plainText(name),
    anchor: "start",
    frame: "group",
    color: theme.text,
    fontSize: 12,
    fontWeight: "normal",
    offset: 4,
  };
}
