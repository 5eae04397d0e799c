import { expect, test } from "vitest";
import { limitedSource } from "./limited-source.js";
import type { SeriesSource } from "./source.js";

const RANGE = { startMs: 0, endMs: 60_000 };

/** Answers each target with one series of that machine. */
const echo: SeriesSource = {
  kind: "graphite",
  fetch: async ({ targets }) => ({
    series: targets.map(({ expression }) => ({
      name: expression,
      labels: { machine: expression, aggregator: "a" },
      startMs: 0,
      stepMs: 60_000,
      values: Float64Array.of(1),
    })),
    problems: [],
    notes: [],
  }),
};
const ask = (source: SeriesSource, ...names: readonly string[]) =>
  source.fetch({ targets: names.map((expression) => ({ expression, labels: {} })) }, RANGE);

test("counts different series over all fetches and refuses the first beyond the limit", async () => {
  const source = limitedSource(echo, 3, "Graphite at g/");
  await ask(source, "n1", "n2");
  await ask(source, "n2", "n3");
  await expect(ask(source, "n4")).rejects.toThrow(
    "Graphite at g/ has more than 3 series; read less, or raise --max-series",
  );
});
