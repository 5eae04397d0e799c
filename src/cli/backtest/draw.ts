import type { BacktestResult } from "../../evaluate/run-backtest.js";
import { writeFileAtomic } from "../../files/atomic.js";
import { backtestSpec } from "../../plot/backtest-spec.js";
import { renderPng } from "../../plot/render-png.js";
import { renderSvg } from "../../plot/render-svg.js";
import type { CommandContext } from "../commands/spec.js";
import { withProgress } from "../progress.js";

/** A PNG for each series: its score above it, with labels, alarms and the threshold. */
export async function drawResults(
  context: CommandContext<"backtest">,
  results: readonly BacktestResult[],
  pathOf: (place: number) => string,
): Promise<void> {
  const { options } = context;
  await withProgress(context, "drawing", async (progress) => {
    for (const [i, { input, scored }] of results.entries()) {
      progress.update(i, results.length, input.name);
      const { series } = input;
      const spec = backtestSpec(
        {
          title: input.name,
          startMs: series.startMs,
          stepMs: series.stepMs,
          values: series.values,
          score: scored.score,
          label: input.label,
          ignoreSlots: scored.ignoreSlots,
          unit: series.unit ?? null,
        },
        { theme: options.theme, timezone: options.timezone ?? "UTC" },
      );
      writeFileAtomic(pathOf(i), await renderPng(await renderSvg(spec), { scale: options.scale }));
    }
  });
}
