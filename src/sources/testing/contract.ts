import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { endMs, type Labels, seriesKey } from "../../series/series.js";
import type { SeriesSource, Target } from "../source.js";
import { expandTargets } from "../targets.js";
import type { MetricHistory } from "./graphite-server.js";

export const CONTRACT_TEMPLATE = "fleet.{machine}.lag.{aggregator}";
const STEP_MS = 60_000;
const POINTS = 180;

/** Three metrics of three hours that end an hour before now, with gaps; every source under test must hold exactly these. */
export function contractHistories(nowMs: number): MetricHistory[] {
  const startS = (Math.floor(nowMs / 3_600_000) - 4) * 3600;
  const wave = (phase: number, gap: (i: number) => boolean) =>
    Array.from({ length: POINTS }, (_, i) => (gap(i) ? null : Math.round(1000 * Math.sin(i / 9 + phase)) / 64));
  return [
    { path: "fleet.n1.lag.visits", startS, stepS: 60, values: wave(0, (i) => i % 17 === 5) },
    { path: "fleet.n2.lag.visits", startS, stepS: 60, values: wave(1, (i) => i > 40 && i < 60) },
    { path: "fleet.n1.lag.probes", startS, stepS: 60, values: wave(2, () => false) },
  ];
}

/** How a source names what the histories' paths name. */
export interface Dialect {
  readonly expression: (path: string) => string;
  readonly name: (path: string) => string;
  readonly labels: (path: string) => Labels;
  /** A single target that matches all histories and nothing else. */
  readonly all: Target;
  /** What turns names into labels; undefined where the source knows labels by itself. */
  readonly template: string | undefined;
}

const nodesOf = (path: string) => {
  const [, machine, , aggregator] = path.split(".");
  return { machine, aggregator };
};

/** Graphite's paths, and CSV as Graphite exports it. */
export const PATHS: Dialect = {
  expression: (path) => path,
  name: (path) => path,
  labels: nodesOf,
  all: expandTargets(CONTRACT_TEMPLATE, {})[0],
  template: CONTRACT_TEMPLATE,
};

/** PromQL: the metric `fleet_lag` with the nodes of the path as labels. */
export const METRIC = "fleet_lag";
const selector = (path: string) =>
  `${METRIC}{aggregator="${nodesOf(path).aggregator}",machine="${nodesOf(path).machine}"}`;
export const SELECTORS: Dialect = {
  expression: selector,
  name: selector,
  labels: (path) => ({ __name__: METRIC, ...nodesOf(path) }),
  all: { expression: METRIC, labels: {} },
  template: undefined,
};

/** What the source under test is opened with; closed after the suite. */
export interface OpenSource {
  readonly source: SeriesSource;
  close?(): Promise<void>;
}

/** The laws that every source keeps. `open` gives a source that holds `histories` and nothing else under `fleet`. */
export function describeSourceContract(
  name: string,
  histories: readonly MetricHistory[],
  open: () => Promise<OpenSource>,
  dialect: Dialect = PATHS,
): void {
  describe(`the contract of sources: ${name}`, () => {
    let opened: OpenSource;
    let source: SeriesSource;
    beforeAll(async () => {
      opened = await open();
      source = opened.source;
    });
    afterAll(() => opened?.close?.());

    const startMs = histories[0].startS * 1000;
    const range = { startMs, endMs: startMs + POINTS * STEP_MS };
    const expected = histories.map((history) => history.values.map((value) => value ?? Number.NaN));
    const fetchPaths = (paths: readonly string[], within = range, stepMs?: number) =>
      source.fetch(
        {
          targets: paths.map((path) => ({ expression: dialect.expression(path), labels: {} })),
          template: dialect.template,
          stepMs,
        },
        within,
      );
    const paths = histories.map((history) => history.path);

    test("the same data in gives the same series out, missing values as NaN", async () => {
      const { series, problems } = await fetchPaths(paths);
      expect(problems).toEqual([]);
      expect(series.map((s) => s.name)).toEqual(paths.map(dialect.name));
      expect(series.map((s) => [...s.values])).toEqual(expected);
      for (const s of series) expect([s.startMs, s.stepMs, endMs(s)]).toEqual([range.startMs, STEP_MS, range.endMs]);
    });

    test("each series has its labels", async () => {
      const { series } = await fetchPaths(paths);
      expect(series.map((s) => s.labels)).toEqual(paths.map(dialect.labels));
    });

    test("one target gives all that it matches, each once", async () => {
      const all = await source.fetch({ targets: [dialect.all], template: dialect.template }, range);
      expect(all.series.map((s) => seriesKey(s.labels)).sort()).toEqual(
        paths.map((path) => seriesKey(dialect.labels(path))).sort(),
      );
      expect((await fetchPaths([paths[0], paths[0]])).series).toHaveLength(1);
    });

    test("a range is half-open: its first slot is in and its end is out", async () => {
      const { series } = await fetchPaths([paths[2]], { startMs: startMs + 5 * STEP_MS, endMs: startMs + 8 * STEP_MS });
      expect(series[0].startMs).toBe(startMs + 5 * STEP_MS);
      expect([...series[0].values]).toEqual(expected[2].slice(5, 8));
    });

    test("slots before the data are missing, not left away", async () => {
      const { series } = await fetchPaths([paths[2]], {
        startMs: startMs - 10 * STEP_MS,
        endMs: startMs + 2 * STEP_MS,
      });
      expect([...series[0].values]).toEqual([...Array(10).fill(Number.NaN), ...expected[2].slice(0, 2)]);
    });

    test("a series that is not there is no data, and the others come all the same", async () => {
      const { series, problems } = await fetchPaths([paths[0], "fleet.n9.lag.nothing", paths[1]]);
      expect(series.map((s) => s.name)).toEqual([paths[0], paths[1]].map(dialect.name));
      const missing = dialect.expression("fleet.n9.lag.nothing");
      expect(problems.map((p) => [p.target.expression, p.kind])).toEqual([[missing, "no_data"]]);
    });

    test("a coarser step averages the values there are", async () => {
      const { series } = await fetchPaths([paths[0]], range, 5 * STEP_MS);
      const means = Array.from({ length: POINTS / 5 }, (_, k) => {
        const values = expected[0].slice(5 * k, 5 * k + 5).filter((value) => !Number.isNaN(value));
        return values.reduce((sum, value) => sum + value, 0) / values.length;
      });
      expect(series[0].stepMs).toBe(5 * STEP_MS);
      means.forEach((mean, k) => {
        expect(series[0].values[k]).toBeCloseTo(mean, 12);
      });
    });

    test("a finer step than there is fails that target with a reason that names both", async () => {
      const { series, problems } = await fetchPaths([paths[0]], range, STEP_MS / 2);
      expect(series).toEqual([]);
      expect(problems).toMatchObject([{ kind: "failed", reason: expect.stringMatching(/step of 1m.*30s/) }]);
    });

    test("asking twice gives the same, and progress ends at all targets", async () => {
      const steps: number[] = [];
      const query = {
        targets: paths.map((path) => ({ expression: dialect.expression(path), labels: {} })),
        template: dialect.template,
      };
      const first = await source.fetch(query, range, ({ doneTargets, totalTargets }) =>
        steps.push(doneTargets / totalTargets),
      );
      expect(await source.fetch(query, range)).toEqual(first);
      expect(steps.at(-1)).toBe(1);
    });
  });
}
