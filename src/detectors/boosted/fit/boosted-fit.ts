import { InputError } from "../../../errors/errors.js";
import { type Boosted, type BoostingOptions, emptyBoosted, growBoosted, trimmed } from "../../../forest/boosting.js";
import { createInventory } from "../../../series/inventory.js";
import { formatDuration } from "../../../time/duration.js";
import { formatUtc } from "../../../time/format.js";
import type { Batch, Fit, OpenStep } from "../../fit.js";
import {
  MIN_COVERAGE,
  type Prepared,
  partsOf,
  prepare,
  type SeriesPart,
  type Source,
  sourceOf,
} from "../../trained/scaled-history.js";
import type { BoostedFamily } from "../family/learned.js";
import { featureCount } from "../recent-features.js";
import { boostedFigures, figureLines } from "./figures.js";
import { judge } from "./judge.js";
import { joined, type RowPlan, type Rows, rowsOf, type SeriesRows } from "./rows.js";

export interface BoostedTraining {
  readonly lagsMs: readonly number[];
  readonly boosting: BoostingOptions;
}

/** Rows that trees are grown on, and those that are checked on, of all series together. */
const FITTED_ROWS = 200_000;
const LATER_ROWS = 60_000;
/** Of each series there are so many of both, however many series there are: its usual error is known from them. */
const LEAST_A_SERIES = 100;
/** Shares of the time, for the progress line. */
const PREPARED = 0.1;
const DESCRIBED = 0.4;

interface Growing {
  readonly fitted: Rows;
  readonly later: Rows;
  readonly boosting: BoostingOptions;
}

const STEPS = {
  prepare:
    (source: Source) =>
    ({ from, until }: SeriesPart) =>
      source.series.slice(from, until).map((series) => prepare(source, series)),
  rows: (plan: RowPlan) => (part: SeriesPart) => rowsOf(plan, part),
  grow:
    ({ fitted, later, boosting }: Growing) =>
    (): Boosted => {
      const into = emptyBoosted(boosting);
      growBoosted(fitted, boosting, into, later);
      return trimmed(into);
    },
} as const;

const openStep: OpenStep = (step, shared) =>
  (STEPS[step as keyof typeof STEPS] as (shared: unknown) => (part: unknown) => unknown)(shared);

/** Boosted trees for all series of a history together, each in its own spreads. */
export function boostedFit({ lagsMs, boosting }: BoostedTraining): Fit<BoostedFamily> {
  return {
    *course(history, { timezone, seed, minCoverage = MIN_COVERAGE, exclude = [] }) {
      const { source, leftOut } = sourceOf(history, { timezone, seed, minCoverage, exclude });
      const { series: kept, stepMs, range, heldOutFromMs } = source;
      const parts = partsOf(kept.length);
      const prepared = (yield* ask<Prepared[]>("prepare", source, parts, [0, PREPARED])).flat();
      const used = prepared.filter(({ spread }) => spread > 0).length;
      const share = (rows: number) => Math.max(LEAST_A_SERIES, Math.floor(rows / Math.max(1, used)));
      const most = { mostFitted: share(FITTED_ROWS), mostLater: share(LATER_ROWS) };
      const plan: RowPlan = { source, prepared, lagsMs, seed, ...most };
      const described = (yield* ask<SeriesRows[]>("rows", plan, parts, [PREPARED, DESCRIBED])).flat();
      const features = featureCount(lagsMs);
      const fitted = joined(
        described.map((one) => one.fitted),
        features,
      );
      const later = joined(
        described.map((one) => one.later),
        features,
      );
      if (fitted.targets.length < 2 * boosting.leastRows || later.targets.length === 0) {
        throw new InputError("history", "no series has values that change and enough of them to grow trees on");
      }
      const growing: Growing = { fitted, later, boosting };
      const [boosted] = yield* ask<Boosted>("grow", growing, [null], [DESCRIBED, 1]);
      const judged = described.map((one) => judge(boosted, one.later));
      const points = prepared.reduce((sum, one) => sum + one.points, 0);
      const rows = fitted.targets.length;
      const { trees, leaves, rate } = boosting;
      return {
        learned: {
          ...{ stepMs, lagsMs, boosted },
          scales: prepared.map(({ location, spread }, i) => ({ location, spread, error: judged[i].error * spread })),
        },
        inventory: createInventory(kept.map(({ name, labels }) => ({ name, labels }))),
        unit: kept.find(({ unit }) => unit !== undefined)?.unit ?? null,
        ...{ stepMs, range, heldOutFromMs, points, leftOut },
        rows: rows + later.targets.length,
        incidents: [],
        options: {
          ...{ timezone, seed, min_coverage: minCoverage, scope: "family", trees, leaves, rate },
          lags: lagsMs.map(formatDuration).join("+"),
          exclude: exclude.map((one) => `${formatUtc(one.startMs)}/${formatUtc(one.endMs)}`).join(" ") || null,
        },
        figures: boostedFigures({ judged, trees: boosted.count, rows, heldOutFromMs }),
      };
    },
    openStep,
    figureLines,
  };
}

function* ask<Result>(
  step: keyof typeof STEPS,
  shared: unknown,
  parts: readonly unknown[],
  progress: readonly [number, number],
): Generator<Batch, Result[], unknown[]> {
  return (yield { step, shared, parts, phase: PHASES[step], progress }) as Result[];
}

const PHASES = { prepare: "scaling", rows: "describing", grow: "growing trees" } as const;
