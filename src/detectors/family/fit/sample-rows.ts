import { FeatureMachine, featureNames, type View } from "../../../features/feature-machine.js";
import { type FeaturePlan, slotsOf } from "../../../features/feature-plan.js";
import { quantise } from "../../../features/quantise.js";
import type { TrainingRows } from "../../../forest/bins.js";
import { seededRandom } from "../../../math/random.js";
import type { Series } from "../../../series/series.js";
import { sharedFloat32 } from "../../../threads/shared.js";
import { DAY_MS } from "../../../time/duration.js";
import type { SeriesProfile } from "../profile.js";

/** Targets beyond this many robust deviations from the anchor are incidents or faults and would only bend the leaves. */
const TARGET_LIMIT = 25;

/**
 * The slots that rows for growing are made of, sampled in time strata: the slots of all series, one series after the other,
 * are cut into blocks of equal length and one slot is drawn from each block. So every series and every stretch of its
 * history is represented in proportion, no hour of the day can be missed by bad luck, and what is drawn depends on the seed
 * and the number of slots only.
 *
 * @param lengths slots of each series that may be drawn from. @param rows about this many are drawn in all.
 * @returns for each series its slots, rising.
 */
export function pickSlots(lengths: readonly number[], rows: number, seed: number): Int32Array[] {
  const random = seededRandom(seed);
  const slots = lengths.reduce((sum, n) => sum + n, 0);
  const block = Math.max(1, slots / rows);
  let next = random() * block;
  let passed = 0;
  return lengths.map((length) => {
    const picked: number[] = [];
    for (let slot = Math.ceil(next); slot < passed + length; slot = Math.ceil(next)) {
      picked.push(slot - passed);
      next = (Math.floor(slot / block) + 1 + random()) * block;
    }
    passed += length;
    return Int32Array.from(picked);
  });
}

/**
 * Puts one series through the feature machine and collects the rows of the picked slots. Those without a value, without an
 * anchor, or in the series' first day give no row.
 */
export function describeSlots(
  { values, startMs, stepMs }: Series,
  { location, spread }: SeriesProfile,
  picked: Int32Array,
  collectors: readonly RowCollector[],
): void {
  if (picked.length === 0) return;
  const [{ plan }] = collectors;
  const machine = new FeatureMachine(plan);
  const warmSlots = slotsOf(DAY_MS, plan.stepMs, 2);
  const last = picked[picked.length - 1];
  let at = 0;
  for (let i = 0; i <= last; i++) {
    const scaled = (values[i] - location) / spread;
    if (i === picked[at]) {
      at++;
      if (i >= warmSlots && scaled === scaled) {
        for (const collector of collectors) collector.take(machine, startMs + i * stepMs, scaled);
      }
    }
    machine.push(quantise(scaled));
  }
}

/** Collects rows of one view. The target is the scaled value relative to the view's anchor. */
export class RowCollector {
  readonly plan: FeaturePlan;
  private readonly view: View;
  private readonly row: Float32Array;
  private readonly columns: readonly Float32Array[];
  private readonly targets: Float32Array;
  private taken = 0;

  constructor(view: View, plan: FeaturePlan, capacity: number) {
    this.view = view;
    this.plan = plan;
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
      columns: this.columns.map((column) => column.slice(0, this.taken)),
      targets: this.targets.slice(0, this.taken),
    };
  }
}

/** The rows of all parts behind one another, in memory that all threads share. */
export function joinRows(parts: readonly TrainingRows[]): TrainingRows {
  const length = parts.reduce((sum, part) => sum + part.targets.length, 0);
  const joined = (pick: (part: TrainingRows) => Float32Array) => {
    const all = sharedFloat32(length);
    let at = 0;
    for (const part of parts) {
      const column = pick(part);
      all.set(column, at);
      at += column.length;
    }
    return all;
  };
  return {
    columns: parts[0].columns.map((_, f) => joined((part) => part.columns[f])),
    targets: joined((p) => p.targets),
  };
}
