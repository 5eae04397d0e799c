import { seededRandom } from "../../../math/random.js";
import { type AdamState, adamStep, clipGradient, emptyAdam } from "../../../network/adam.js";
import { backward } from "../../../network/backward.js";
import { emptyStep, type LstmShape, type LstmStep, rowLength, weightCount } from "../../../network/lstm.js";
import { type Clock, type Lane, LaneWalk } from "./lane.js";

/** Slots that a gradient goes back. */
export const CHUNK = 48;
/** Lanes whose gradients make one step of Adam. */
const BATCH = 16;
/** Step length of Adam, and what each epoch leaves of it. */
const RATE = 0.01;
const RATE_KEPT = 0.85;
const LONGEST_GRADIENT = 1;
/** Errors beyond a spread count by their size, not their square: an incident must not lead the weights. */
const HUBER = 1;
/** Epochs without a better error on later values, after which training stops. */
export const PATIENCE = 4;

/** An error counts as better from this share of the best on. */
const BETTER = 0.999;

/** A network in training: plain data. */
export interface Training {
  readonly weights: Float64Array;
  readonly adam: AdamState;
  readonly epoch: number;
  /** The weights with the smallest error on later values so far, and that error. */
  readonly best: Float64Array;
  readonly bestError: number;
  readonly bestEpoch: number;
}

export interface TrainingData {
  readonly lanes: readonly Lane[];
  readonly clock: Clock;
  readonly daySlots: number;
  /** Of each lane: slots before it are trained on, those from it on say when to stop. */
  readonly splits: readonly number[];
}

/** Weights as they begin: small ones, gates that keep what they hold, and a unit on top that says next to nothing, so that the first forecast is the last value. */
export function beginTraining(shape: LstmShape, seed: number): Training {
  const random = seededRandom(seed);
  const weights = new Float64Array(weightCount(shape));
  const row = rowLength(shape);
  const reach = 1 / Math.sqrt(shape.hidden);
  const top = 4 * shape.hidden * row;
  for (let w = 0; w < weights.length; w++) weights[w] = (w < top ? reach : 0.1 * reach) * (2 * random() - 1);
  for (let unit = shape.hidden; unit < 2 * shape.hidden; unit++) weights[unit * row + row - 1] = 1;
  weights[weights.length - 1] = 0;
  const none = { epoch: 0, bestError: Number.POSITIVE_INFINITY, bestEpoch: 0 };
  return { weights, adam: emptyAdam(weights.length), best: weights.slice(), ...none };
}

export function isTrained({ epoch, bestEpoch }: Training, mostEpochs: number): boolean {
  return epoch >= mostEpochs || epoch - bestEpoch >= PATIENCE;
}

/**
 * One pass: of each lane a stretch from a random place on, its cells kept from chunk to chunk (truncated back-propagation), then the error on later values.
 *
 * @param stretch slots of a lane at the most.
 */
export function trainEpoch(
  shape: LstmShape,
  data: TrainingData,
  { weights: begun, adam: remembered, epoch, ...best }: Training,
  { stretch, seed }: { readonly stretch: number; readonly seed: number },
): Training {
  const random = seededRandom(seed + epoch);
  const weights = begun.slice();
  const adam: AdamState = {
    means: remembered.means.slice(),
    squares: remembered.squares.slice(),
    steps: remembered.steps,
  };
  const rate = RATE * RATE_KEPT ** epoch;
  const chunks = new ChunkTrainer(shape, weights);
  for (const batch of batchesOf(data, random)) {
    const walks = batch.map((lane) => {
      const slots = data.splits[lane];
      const from = Math.floor(random() * Math.max(1, slots - stretch));
      return new LaneWalk(data.lanes[lane], data.clock, data.daySlots, shape, from);
    });
    for (let done = 0; done < stretch; done += CHUNK) {
      let counted = 0;
      for (const [i, walk] of walks.entries()) counted += chunks.add(walk, data.splits[batch[i]]);
      if (counted > 0) chunks.step(adam, rate, counted);
    }
  }
  const error = laterError(shape, weights, data);
  const isBest = error < BETTER * best.bestError;
  return {
    ...{ weights, adam, epoch: epoch + 1 },
    ...(isBest ? { best: weights.slice(), bestError: error, bestEpoch: epoch + 1 } : best),
  };
}

/** Lanes in an order of chance, some at a time. */
function batchesOf({ lanes }: TrainingData, random: () => number): number[][] {
  const order = lanes.map((_, i) => i);
  for (let i = order.length - 1; i > 0; i--) {
    const other = Math.floor(random() * (i + 1));
    [order[i], order[other]] = [order[other], order[i]];
  }
  return Array.from({ length: Math.ceil(order.length / BATCH) }, (_, b) => order.slice(b * BATCH, (b + 1) * BATCH));
}

/** Adds up the gradients of chunks and moves the weights. */
class ChunkTrainer {
  private readonly shape: LstmShape;
  private readonly weights: Float64Array;
  private readonly gradient: Float64Array;
  private readonly steps: readonly LstmStep[];
  private readonly slopes = new Float64Array(CHUNK + 1);

  constructor(shape: LstmShape, weights: Float64Array) {
    this.shape = shape;
    this.weights = weights;
    this.gradient = new Float64Array(weights.length);
    this.steps = Array.from({ length: CHUNK + 1 }, () => emptyStep(shape));
  }

  /** Goes through the next chunk of a lane, up to `until`. @returns how many of its slots have an error. */
  add(walk: LaneWalk, until: number): number {
    const { shape, weights, steps, slopes } = this;
    steps[0].cell.set(walk.before.cell);
    steps[0].output.set(walk.before.output);
    let count = 0;
    let counted = 0;
    while (count < CHUNK && walk.at < until) {
      const { at, last } = walk;
      if (last !== last) {
        walk.skip();
        continue;
      }
      const said = walk.forward(shape, weights, steps[count], steps[count + 1]);
      const error = said - (walk.lane.values[at] - last);
      slopes[++count] = error === error ? Math.max(-HUBER, Math.min(HUBER, error)) : 0;
      if (error === error) counted++;
    }
    walk.before.cell.set(steps[count].cell);
    walk.before.output.set(steps[count].output);
    if (counted > 0) backward(shape, weights, steps, count, slopes, this.gradient);
    return counted;
  }

  step(adam: AdamState, rate: number, counted: number): void {
    const { gradient, weights } = this;
    for (let w = 0; w < gradient.length; w++) gradient[w] /= counted;
    clipGradient(gradient, LONGEST_GRADIENT);
    adamStep(weights, gradient, rate, adam);
    gradient.fill(0);
  }
}

/** Slots that the error on later values is measured on, in all, and those of a lane before it that cells are filled by. */
const LATER_SLOTS = 150_000;
const FILLED_SLOTS = 2 * CHUNK;

/** Mean absolute error on the slots after the splits, in spreads; infinite without any. */
function laterError(shape: LstmShape, weights: Float64Array, { lanes, clock, daySlots, splits }: TrainingData): number {
  const each = Math.max(CHUNK, Math.floor(LATER_SLOTS / lanes.length));
  let sum = 0;
  let count = 0;
  lanes.forEach((lane, i) => {
    // The newest of them: what comes next is most like them.
    const from = Math.max(splits[i], lane.values.length - each);
    const walk = new LaneWalk(lane, clock, daySlots, shape, Math.max(0, from - FILLED_SLOTS));
    while (walk.at < lane.values.length) {
      const { at, last } = walk;
      const error = walk.forward(shape, weights, walk.before, walk.before) - (lane.values[at] - last);
      if (at < from || error !== error) continue;
      sum += Math.abs(error);
      count++;
    }
  });
  return count === 0 ? Number.POSITIVE_INFINITY : sum / count;
}
