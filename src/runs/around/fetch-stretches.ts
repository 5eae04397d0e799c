import type { Frame, Stretches } from "../../around/stretches.js";
import { resample } from "../../series/resample.js";
import { type Series, seriesKey, type TimeRange } from "../../series/series.js";
import { DAY_MS } from "../../time/duration.js";
import { offsetMs } from "../../time/timezone.js";
import { count } from "../../wording/count.js";
import type { OpenedSource } from "../source/opened.js";

export interface FetchedStretches {
  readonly series: readonly Stretches[];
  /** Worth a line for people: targets that failed, days that are kept in another step. */
  readonly notes: readonly string[];
}

export interface StretchPlan extends Frame {
  readonly days: number;
  /** Earlier days are the same hours on this zone's clock. */
  readonly timezone: string;
}

/** The part of each day that is fetched: lead and window on the clock of the zone, so many days before. */
export function stretchOf({ window, leadMs, timezone }: StretchPlan, daysBefore: number): TimeRange {
  const sameClock = (timeMs: number) => {
    const earlierMs = timeMs - daysBefore * DAY_MS;
    return earlierMs + offsetMs(timeMs, timezone) - offsetMs(earlierMs, timezone);
  };
  const startMs = sameClock(window.startMs - leadMs);
  return { startMs, endMs: startMs + leadMs + window.endMs - window.startMs };
}

/**
 * Fetches the stretches of all series that the source has in the newest of them, one day after the other: only these hours, not
 * the days between them. Earlier days that the source keeps in coarser steps are left out, and a note says so.
 */
export async function fetchStretches(
  { source, targets, template }: Pick<OpenedSource, "source" | "targets" | "template">,
  plan: StretchPlan,
  onDay: (done: number, total: number) => void,
): Promise<FetchedStretches> {
  const fetch = async (daysBefore: number, stepMs?: number) => {
    const range = stretchOf(plan, daysBefore);
    const fetched = await source.fetch({ targets, template, stepMs }, range);
    onDay(daysBefore + 1, plan.days + 1);
    return { range, fetched };
  };
  const newest = await fetch(0);
  const steps = new Set(newest.fetched.series.map(({ stepMs }) => stepMs));
  const [stepMs] = steps.size === 1 ? steps : [undefined];
  const rows = newest.fetched.series.map((series) => ({ series, days: [valuesIn(series, newest.range)] }));
  let coarse = 0;
  for (let day = 1; day <= plan.days; day++) {
    const { range, fetched } = await fetch(day, stepMs);
    const earlier = new Map(fetched.series.map((series) => [seriesKey(series.labels), series]));
    for (const { series, days } of rows) {
      const own = earlier.get(seriesKey(series.labels));
      const onGrid = own === undefined ? undefined : inStep(own, series.stepMs);
      if (own !== undefined && onGrid === undefined) coarse++;
      days.push(onGrid === undefined ? new Float64Array(days[0].length).fill(Number.NaN) : valuesIn(onGrid, range));
    }
  }
  const failed = newest.fetched.problems.filter(({ kind }) => kind === "failed");
  return {
    series: rows.map(({ series: { name, labels, unit, stepMs: own }, days }) => ({
      name,
      labels,
      unit,
      stepMs: own,
      days,
    })),
    notes: [
      ...newest.fetched.notes,
      ...failed.slice(0, 1).map(({ reason }) => `${count(failed.length, "target")} failed; the first: ${reason}`),
      ...(coarse === 0
        ? []
        : [
            `${count(coarse, "stretch", "stretches")} of earlier days ${coarse === 1 ? "is" : "are"} kept in coarser steps and not used`,
          ]),
    ],
  };
}

function inStep(series: Series, stepMs: number): Series | undefined {
  if (series.stepMs === stepMs) return series;
  return stepMs % series.stepMs === 0 ? resample(series, stepMs) : undefined;
}

/** The slots that begin in a range; as many for every day, whatever the place of the range on the grid. */
function valuesIn({ startMs, stepMs, values }: Series, range: TimeRange): Float64Array {
  const first = Math.ceil(range.startMs / stepMs);
  const out = new Float64Array(Math.round((range.endMs - range.startMs) / stepMs)).fill(Number.NaN);
  const shift = first - Math.round(startMs / stepMs);
  for (let i = 0; i < out.length; i++) {
    const value = values[i + shift];
    if (value !== undefined) out[i] = value;
  }
  return out;
}
