import type { Comparison } from "../../evaluate/compare-detectors.js";
import type { BacktestResult } from "../../evaluate/run-backtest.js";
import { writeFileAtomic } from "../../files/atomic.js";
import type { ReplayedSeries } from "../../plot/backtest-panels.js";
import { backtestSpec } from "../../plot/backtest-spec.js";
import { comparisonSpec } from "../../plot/comparison-spec.js";
import type { PictureOptions } from "../../plot/episode-spec.js";
import { renderPng } from "../../plot/render-png.js";
import { renderSvg } from "../../plot/render-svg.js";
import type { VegaLiteSpec } from "../../plot/vega-lite-spec.js";
import type { CommandContext } from "../commands/spec.js";
import { withProgress } from "../progress.js";

/** A PNG for each series: its score above it, with labels, alarms and the threshold. */
export async function drawResults(
  context: CommandContext<"backtest">,
  results: readonly BacktestResult[],
  pathOf: (place: number) => string,
): Promise<void> {
  await drawEach(context, results, pathOf, (result, options) =>
    backtestSpec({ title: result.input.name, score: result.scored.score, ...replayed(result) }, options),
  );
}

/** A PNG for each series: the series, and below it the score of each detector. */
export async function drawComparison(
  context: CommandContext<"backtest">,
  { runs }: Comparison,
  pathOf: (place: number) => string,
): Promise<void> {
  await drawEach(context, runs[0].backtest.results, pathOf, (result, options, place) =>
    comparisonSpec(
      {
        title: result.input.name,
        detectors: runs.map(({ detector, backtest }) => ({
          name: detector,
          score: backtest.results[place].scored.score,
        })),
        ...replayed(result),
      },
      options,
    ),
  );
}

async function drawEach(
  context: CommandContext<"backtest">,
  results: readonly BacktestResult[],
  pathOf: (place: number) => string,
  specOf: (result: BacktestResult, options: PictureOptions, place: number) => VegaLiteSpec,
): Promise<void> {
  const { options } = context;
  const pictures = { theme: options.theme, timezone: options.timezone ?? "UTC" };
  await withProgress(context, "drawing", async (progress) => {
    for (const [i, result] of results.entries()) {
      progress.update(i, results.length, result.input.name);
      const svg = await renderSvg(specOf(result, pictures, i));
      writeFileAtomic(pathOf(i), await renderPng(svg, { scale: options.scale }));
    }
  });
}

function replayed({ input, scored }: BacktestResult): ReplayedSeries {
  const { startMs, stepMs, values, unit } = input.series;
  return { startMs, stepMs, values, label: input.label, ignoreSlots: scored.ignoreSlots, unit: unit ?? null };
}
