import { type Around, firstMovers, TOGETHER } from "../../around/around.js";
import type { Mover } from "../../around/mover.js";
import type { Frame, Stretches } from "../../around/stretches.js";
import { formatUtc } from "../../time/format.js";

/** What is reported of: the findings, and the series and the time that they are of. */
export interface AroundFound {
  readonly timeMs: number;
  readonly frame: Frame;
  readonly series: readonly Pick<Stretches, "name" | "labels" | "unit">[];
  readonly around: Around;
}

/** First movers that are named: the cause is rarely further down. */
export const FIRST_SHOWN = 3;

/** The findings as they are written: ISO times, numbers of 6 digits, labels instead of indexes. */
export function aroundJson({ timeMs, frame, series, around }: AroundFound) {
  const named = (index: number) => ({
    machine: series[index].labels["machine"] ?? "",
    aggregator: series[index].labels["aggregator"] ?? "",
    labels: series[index].labels,
  });
  const ofMover = (mover: Mover) => ({
    ...named(mover.index),
    direction: mover.direction,
    onset: formatUtc(mover.onsetMs),
    onset_from: formatUtc(mover.onsetFromMs),
    onset_until: formatUtc(mover.onsetUntilMs),
    end: mover.endMs === null ? null : formatUtc(mover.endMs),
    observed: digits(mover.observed),
    expected: digits(mover.expected),
    is_counter: mover.isCounter,
    unit: series[mover.index].unit ?? null,
    score: digits(mover.score),
    chance: digits(mover.chance),
    false_share: digits(mover.falseShare),
    together: digits(mover.together),
    first: digits(mover.first),
    first_two: digits(mover.firstTwo),
  });
  return {
    schema: "anomaly-around/1" as const,
    time: formatUtc(timeMs),
    start: formatUtc(frame.window.startMs),
    end: formatUtc(frame.window.endMs),
    reference_start: formatUtc(frame.window.startMs - frame.leadMs),
    series: series.length,
    compared: around.compared,
    without_reference: around.withoutReference.length,
    usual_changes: digits(around.usualChanges),
    first_movers: firstMovers(around, FIRST_SHOWN)
      .filter(({ firstTwo }) => firstTwo >= LEAST_FIRST)
      .map(ofMover),
    moved: around.movers.map((mover) => ({ ...ofMover(mover), belongs: mover.together >= TOGETHER })),
    groups: around.groups.map((group) => ({ ...group, false_share: digits(group.false_share) })),
    stayed: around.stayed.map(({ index, moved, times }) => ({ ...named(index), moved, times })),
  };
}

export type AroundJson = ReturnType<typeof aroundJson>;
/** Below it nothing says that a mover was first. */
const LEAST_FIRST = 0.001;

function digits(value: number | null): number | null {
  return value === null || !Number.isFinite(value) ? null : Number(value.toPrecision(6));
}
