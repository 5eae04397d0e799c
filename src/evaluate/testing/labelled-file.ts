import { DEFAULT_FLEET } from "../../simulate/options.js";
import { simulateFleet } from "../../simulate/simulate.js";
import { MINUTE_MS } from "../../time/duration.js";
import { formatUtc } from "../../time/format.js";

/** One simulated series with its incidents in a column `label`: what data/labelled/visit_length_hour.csv holds. */
export function labelledFile(): string {
  const fleet = simulateFleet({
    ...DEFAULT_FLEET,
    seed: 11,
    machines: 1,
    aggregators: 1,
    historyDays: 28,
    liveDays: 21,
    stepMs: 10 * MINUTE_MS,
    incidentsPerKind: 2,
  });
  const rows = [fleet.history[0], fleet.live[0]].flatMap((series) =>
    Array.from(series.values, (value, i) => {
      const timeMs = series.startMs + i * series.stepMs;
      const label = fleet.truth.some(({ startMs, endMs }) => timeMs >= startMs && timeMs < endMs) ? 1 : 0;
      return `${formatUtc(timeMs)},${value === value ? value : ""},${label}`;
    }),
  );
  return `timestamp,value,label\n${rows.join("\n")}\n`;
}
