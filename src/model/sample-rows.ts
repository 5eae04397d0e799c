import type { SeriesProfile } from "../detectors/profile.js";
import { FeatureMachine, featureNames } from "../features/feature-machine.js";
import { type FeaturePlan, slotsOf } from "../features/feature-plan.js";
import { quantise } from "../features/quantise.js";
import type { TrainingRows } from "../forest/grow.js";
import { seededRandom } from "../math/random.js";
import type { Series } from "../series/series.js";
import { DAY_MS } from "../time/duration.js";

export interface SampledRows extends TrainingRows {
  /** Rows that could have been taken. */
  readonly eligible: number;
}

export interface SampleRequest {
  readonly series: readonly Series[];
  readonly profiles: readonly SeriesProfile[];
  readonly plan: FeaturePlan;
  /** Rows are taken from slots before this. */
  readonly untilMs: number;
  /** About this many rows in all. */
  readonly rows: number;
  readonly seed: number;
}

/** Targets beyond this many robust deviations from the anchor are incidents or faults and would only bend the leaves. */
const TARGET_LIMIT = 25;

/**
 * Rows for growing the forest, sampled in time strata: the slots of all series, one series after the other, are cut into
 * blocks of equal length and one slot is drawn from each block. So every series and every stretch of its history is
 * represented in proportion, and no hour of the day can be missed by bad luck.
 *
 * The target is the scaled value relative to the anchor. Slots without a value, without an anchor, or in a series' first
 * day are not eligible.
 */
export function sampleRows(request: SampleRequest, onSeries?: (done: number) => void): SampledRows {
  const { series, profiles, plan, untilMs } = request;
  const random = seededRandom(request.seed);
  const slotsOfSeries = series.map((s) =>
    Math.max(0, Math.min(s.values.length, Math.ceil((untilMs - s.startMs) / s.stepMs))),
  );
  const slots = slotsOfSeries.reduce((sum, n) => sum + n, 0);
  const block = Math.max(1, slots / request.rows);
  const capacity = Math.ceil(slots / block) + 1;
  const featureCount = featureNames(plan).length;
  const columns = Array.from({ length: featureCount }, () => new Float32Array(capacity));
  const targets = new Float32Array(capacity);
  const row = new Float32Array(featureCount);
  const warmSlots = slotsOf(DAY_MS, plan.stepMs, 2);
  let taken = 0;
  let eligible = 0;
  let passed = 0;
  let next = random() * block;
  for (let s = 0; s < series.length; s++) {
    const machine = new FeatureMachine(plan);
    const { values, startMs, stepMs } = series[s];
    const { location, spread } = profiles[s];
    for (let i = 0; i < slotsOfSeries[s]; i++, passed++) {
      const scaled = (values[i] - location) / spread;
      const drawn = passed >= next;
      if (drawn) next = (Math.floor(passed / block) + 1 + random()) * block;
      if (i >= warmSlots && scaled === scaled) {
        eligible++;
        const anchor = drawn ? machine.anchor() : Number.NaN;
        const target = scaled - anchor;
        if (Math.abs(target) <= TARGET_LIMIT) {
          machine.describe(startMs + i * stepMs, anchor, row, 0);
          for (let f = 0; f < featureCount; f++) columns[f][taken] = row[f];
          targets[taken++] = target;
        }
      }
      machine.push(quantise(scaled));
    }
    onSeries?.(s + 1);
  }
  return { columns: columns.map((c) => c.subarray(0, taken)), targets: targets.subarray(0, taken), eligible };
}
