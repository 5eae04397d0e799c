import { isStill, prepare, windowOf } from "./prepare.js";
import { type Shift, scanShift } from "./shift-scan.js";
import { longestSilence, type Silence, silenceChance } from "./silence.js";
import type { Frame, Stretches } from "./stretches.js";
import { unusualBlocks } from "./unusual-blocks.js";

/** What is kept of a series until all have been looked at. */
export interface Watched {
  readonly shift: Shift;
  readonly silence: Silence;
  /** Whether most of its values are one and the same, as those of error counts. */
  readonly isStill: boolean;
  /** Which days the figures are of, 0 first. */
  readonly daysBefore: readonly number[];
  /** Log of the scan's statistic in the window, the day that is looked at first. */
  readonly shiftFigures: readonly number[];
  /** Chance of so long a silence by the gaps of earlier days, 0–1. */
  readonly silenceChance: number;
  /** Blocks of earlier days in which the series was far from usual; see `unusual-blocks.ts`. */
  readonly unusual: Uint8Array;
}

/** Scans the window, and replays the same scan on each earlier day. */
export function watchSeries(series: Stretches, frame: Frame): Watched | undefined {
  const prepared = prepare(series, frame);
  if (prepared === undefined) return undefined;
  const { days, daysBefore, byWeekday, lead, noise } = prepared;
  const scan = (day: Float64Array) => scanShift(windowOf(day, prepared), noise.memory, prepared.leastSlots);
  const scans = days.map(scan);
  const figures = scans.map(({ statistic }) => Math.log1p(statistic));
  // What happens every Friday evening is no news, though the evenings before know nothing of it.
  if (byWeekday !== undefined) figures[0] = Math.min(figures[0], Math.log1p(scan(byWeekday).statistic));
  const silence = longestSilence(days[0].subarray(lead));
  return {
    shift: scans[0],
    silence,
    isStill: isStill(prepared),
    daysBefore,
    shiftFigures: figures,
    silenceChance: silenceChance(silence, days.slice(1), days[0].length - lead),
    unusual: unusualBlocks(prepared, series.days.length),
  };
}
