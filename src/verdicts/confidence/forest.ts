import { type Grown, grow, type Learn, type Row } from "./grow.js";
import { LEAST_VERDICTS } from "./least-verdicts.js";

/** Of each, real ones and false alarms: with fewer there is nothing to tell apart. */
const LEAST_OF_EACH = 3;
/** The error must be this much of the baseline's at most: a smaller difference is chance among some dozens of verdicts. */
const CLEARLY_BETTER = 0.95;
/** The check trains on the verdicts up to here and judges those after. */
const TRAINED_SHARE = 2 / 3;

/** How the forest does on verdicts that were given after those it was trained on. */
export interface ForestCheck {
  readonly verdicts: number;
  readonly real: number;
  readonly trained_on: number;
  readonly judged_on: number;
  /** Mean squared error of the estimated chance; null where the earlier verdicts are all alike. */
  readonly brier: number | null;
  /** The same of the share of real ones among the earlier verdicts. */
  readonly baseline: number;
  readonly used: boolean;
}

export interface CheckedForest {
  readonly check: ForestCheck;
  /** Of all verdicts; null where it is not used. */
  readonly forest: Grown | null;
}

/**
 * Verdicts that the forest is grown from when there are so many: from 30 on, each step a tenth more. Between two steps it stays as it is, and
 * an episode's chance depends on what was said before it alone, not on when a run looks.
 */
export function grownFrom(verdicts: number): number {
  if (verdicts < LEAST_VERDICTS) return 0;
  let size = LEAST_VERDICTS;
  for (let next = size; next <= verdicts; next = Math.floor(next * 1.1)) size = next;
  return size;
}

/**
 * Grows a forest from rows in the order in which the verdicts were given, and checks it out of time.
 *
 * @param learn another way to estimate, to compare with.
 */
export function checkedForest(rows: readonly Row[], learn: Learn = grow): CheckedForest {
  const trained = rows.slice(0, Math.round(rows.length * TRAINED_SHARE));
  const later = rows.slice(trained.length);
  const share = (realOf(trained) + 1) / (trained.length + 2);
  const early = isMixed(trained) ? learn(trained) : null;
  const brier = early === null ? null : meanSquare(later, ({ seen }) => early.chance(seen));
  const baseline = meanSquare(later, () => share);
  const used = brier !== null && brier <= CLEARLY_BETTER * baseline;
  return {
    check: {
      verdicts: rows.length,
      real: realOf(rows),
      trained_on: trained.length,
      judged_on: later.length,
      brier: brier === null ? null : rounded(brier),
      baseline: rounded(baseline),
      used,
    },
    forest: used ? learn(rows) : null,
  };
}

const realOf = (rows: readonly Row[]) => rows.reduce((sum, { real }) => sum + real, 0);

function isMixed(rows: readonly Row[]): boolean {
  const real = realOf(rows);
  return Math.min(real, rows.length - real) >= LEAST_OF_EACH;
}

function meanSquare(rows: readonly Row[], chanceOf: (row: Row) => number): number {
  return rows.reduce((sum, row) => sum + (chanceOf(row) - row.real) ** 2, 0) / Math.max(1, rows.length);
}

const rounded = (value: number) => Number(value.toFixed(4));
