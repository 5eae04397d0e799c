import type { SeriesProfile } from "../detectors/profile.js";
import { FeatureMachine, featureNames, type View } from "../features/feature-machine.js";
import { type FeaturePlan, slotsOf } from "../features/feature-plan.js";
import { quantise } from "../features/quantise.js";
import type { TrainingRows } from "../forest/grow.js";
import { seededRandom } from "../math/random.js";
import type { Series } from "../series/series.js";
import { DAY_MS } from "../time/duration.js";

export interface SampleRequest {
  readonly series: readonly Series[];
  readonly profiles: readonly SeriesProfile[];
  readonly plan: FeaturePlan;
  /** Rows are taken from slots before this. */
  readonly untilMs: number;
  /** About this many rows a view. */
  readonly rows: number;
  readonly seed: number;
}

/** Targets beyond this many robust deviations from the anchor are incidents or faults and would only bend the leaves. */
const TARGET_LIMIT = 25;

/**
 * Rows for growing the forests, sampled in time strata: the slots of all series, one series after the other, are cut into
 * blocks of equal length and one slot is drawn from each block. So every series and every stretch of its history is
 * represented in proportion, and no hour of the day can be missed by bad luck.
 *
 * The target is the scaled value relative to the view's anchor. Slots without a value, without an anchor, or in a series'
 * first day give no row.
 */
export function sampleRows(request: SampleRequest, onSeries?: (done: number) => void): Record<View, TrainingRows> {
  const { series, profiles, plan, untilMs } = request;
  const random = seededRandom(request.seed);
  const ends = series.map((s) => Math.max(0, Math.min(s.values.length, Math.ceil((untilMs - s.startMs) / s.stepMs))));
  const slots = ends.reduce((sum, n) => sum + n, 0);
  const block = Math.max(1, slots / request.rows);
  const capacity = Math.ceil(slots / block) + 1;
  const recent = new RowCollector("recent", plan, capacity);
  const seasonal = new RowCollector("seasonal", plan, capacity);
  const warmSlots = slotsOf(DAY_MS, plan.stepMs, 2);
  let passed = 0;
  let next = random() * block;
  for (let s = 0; s < series.length; s++) {
    const machine = new FeatureMachine(plan);
    const { values, startMs, stepMs } = series[s];
    const { location, spread } = profiles[s];
    for (let i = 0; i < ends[s]; i++, passed++) {
      const scaled = (values[i] - location) / spread;
      if (passed >= next) {
        next = (Math.floor(passed / block) + 1 + random()) * block;
        if (i >= warmSlots && scaled === scaled) {
          recent.take(machine, startMs + i * stepMs, scaled);
          seasonal.take(machine, startMs + i * stepMs, scaled);
        }
      }
      machine.push(quantise(scaled));
    }
    onSeries?.(s + 1);
  }
  return { recent: recent.rows(), seasonal: seasonal.rows() };
}

class RowCollector {
  private readonly view: View;
  private readonly row: Float32Array;
  private readonly columns: readonly Float32Array[];
  private readonly targets: Float32Array;
  private taken = 0;

  constructor(view: View, plan: FeaturePlan, capacity: number) {
    this.view = view;
    this.row = new Float32Array(featureNames(plan, view).length);
    this.columns = Array.from(this.row, () => new Float32Array(capacity));
    this.targets = new Float32Array(capacity);
  }

  take(machine: FeatureMachine, timeMs: number, scaled: number): void {
    const anchor = machine.anchor(this.view);
    const target = scaled - anchor;
    if (!(Math.abs(target) <= TARGET_LIMIT)) return;
    machine.describe(this.view, timeMs, anchor, this.row);
    for (let f = 0; f < this.row.length; f++) this.columns[f][this.taken] = this.row[f];
    this.targets[this.taken++] = target;
  }

  rows(): TrainingRows {
    return {
      columns: this.columns.map((column) => column.subarray(0, this.taken)),
      targets: this.targets.subarray(0, this.taken),
    };
  }
}
