import { median } from "../../../math/median.js";
import { MAD_TO_SIGMA } from "../../../math/robust-scale.js";
import { emptyStep, type LstmShape } from "../../../network/lstm.js";
import { DAY_MS } from "../../../time/duration.js";
import type { OpenStep } from "../../fit.js";
import { type Prepared, prepare, type SeriesPart, type Source, splitOf } from "../../trained/scaled-history.js";
import { type Clock, clockOf, LaneWalk, laneOf } from "./lane.js";
import { beginTraining, isTrained, type Training, type TrainingData, trainEpoch } from "./train-network.js";

/** What all parts of the steps after the first need. */
export interface Trainable {
  readonly source: Source;
  readonly prepared: readonly Prepared[];
  readonly shape: LstmShape;
  readonly epochs: number;
  readonly seed: number;
}

/** How far forecasts were off on the values held out, in spreads; sums, so that series can be added up. */
export interface Judged {
  /** The usual error, in the metric's unit. */
  readonly error: number;
  readonly count: number;
  readonly network: number;
  readonly last: number;
  readonly dayAgo: number;
}

export interface JudgedPart {
  readonly series: number;
  readonly weights: Float64Array;
}

/** Slots of an epoch over all series, at the most. */
const EPOCH_SLOTS = 200_000;
/** Slots that fill the cells before the first that counts. */
const FILLED_SLOTS = 96;

/** The steps of a training that can be done in parts; what goes in and comes out is plain data. */
const STEPS = {
  prepare:
    (source: Source) =>
    ({ from, until }: SeriesPart) =>
      source.series.slice(from, until).map((series) => prepare(source, series)),
  /** One pass over all series with one network. */
  epoch: (shared: Trainable) => {
    let data: TrainingData | undefined;
    return (training: Training): Training => {
      data ??= dataOf(
        shared,
        shared.source.series.map((_, i) => i),
        wholeClock(shared.source),
      );
      return trainEpoch(shared.shape, data, training, { stretch: stretchOf(data), seed: shared.seed });
    };
  },
  /** The whole training of the network of one series. */
  network: (shared: Trainable) => {
    const clock = wholeClock(shared.source);
    return (series: number): Training => {
      const data = dataOf(shared, [series], clock);
      const options = { stretch: stretchOf(data), seed: shared.seed + series };
      let training = beginTraining(shared.shape, options.seed);
      while (!isTrained(training, shared.epochs)) training = trainEpoch(shared.shape, data, training, options);
      return training;
    };
  },
  judge: (shared: Trainable) => {
    const clock = wholeClock(shared.source);
    return (part: JudgedPart) => judge(shared, part, clock);
  },
} as const;

export const openStep: OpenStep = (step, shared) =>
  (STEPS[step as keyof typeof STEPS] as (shared: unknown) => (part: unknown) => unknown)(shared);

function dataOf({ source, prepared }: Trainable, places: readonly number[], clock: Clock): TrainingData {
  const used = places.filter((i) => prepared[i].spread > 0);
  return {
    lanes: used.map((i) => laneOf(source, source.series[i], prepared[i])),
    clock,
    daySlots: daySlotsOf(source),
    splits: used.map((i) => splitOf(source, source.series[i])),
  };
}

function stretchOf({ splits }: TrainingData): number {
  return Math.min(Math.max(...splits, 0), Math.ceil(EPOCH_SLOTS / Math.max(1, splits.length)));
}

const daySlotsOf = ({ stepMs }: Source) => Math.max(1, Math.round(DAY_MS / stepMs));

function wholeClock({ range, stepMs, timezone }: Source) {
  return clockOf(range.startMs, stepMs, Math.ceil((range.endMs - range.startMs) / stepMs), timezone);
}

function judge({ source, prepared, shape }: Trainable, { series: place, weights }: JudgedPart, clock: Clock): Judged {
  const series = source.series[place];
  const { spread } = prepared[place];
  if (!(spread > 0)) return { error: Number.NaN, count: 0, network: 0, last: 0, dayAgo: 0 };
  const lane = laneOf(source, series, prepared[place]);
  const split = splitOf(source, series);
  const walk = new LaneWalk(lane, clock, daySlotsOf(source), shape, Math.max(0, split - FILLED_SLOTS));
  const into = emptyStep(shape);
  const sizes: number[] = [];
  const sums = { count: 0, network: 0, last: 0, dayAgo: 0 };
  while (walk.at < lane.values.length) {
    const { at, last, dayAgo } = walk;
    const said = walk.forward(shape, weights, into, into);
    const size = Math.abs(lane.values[at] - (last + said));
    if (at < split || size !== size) continue;
    sizes.push(size);
    // Compared where all three say something.
    if (dayAgo !== dayAgo) continue;
    sums.count++;
    sums.network += size;
    sums.last += Math.abs(lane.values[at] - last);
    sums.dayAgo += Math.abs(lane.values[at] - dayAgo);
  }
  return { error: median(sizes) * MAD_TO_SIGMA * spread, ...sums };
}
