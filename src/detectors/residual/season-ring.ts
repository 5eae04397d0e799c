import { DAY_MS } from "../../time/duration.js";

/** Slots on either side of a past time that are looked at: yesterday's single spike is not today's norm. */
const HALF_WIDTH = 2;

/** What a series was at this time of the days before: the median over the days of small medians around the time. */
export class SeasonRing {
  private readonly lags: readonly number[];
  private readonly values: Float64Array;
  /** Medians of five, centred; known two slots after their centre. */
  private readonly smooth: Float64Array;
  private readonly scratch = new Float64Array(2 * HALF_WIDTH + 1);
  private pushed = 0;

  constructor(stepMs: number, days: readonly number[]) {
    this.lags = days.map((day) => Math.max(HALF_WIDTH + 1, Math.round((day * DAY_MS) / stepMs)));
    const slots = Math.max(...this.lags) + 2 * HALF_WIDTH + 1;
    this.values = new Float64Array(slots).fill(Number.NaN);
    this.smooth = new Float64Array(slots).fill(Number.NaN);
  }

  /** The season of the next slot; NaN while no day before is known. */
  next(): number {
    let n = 0;
    for (const lag of this.lags) {
      const at = this.pushed - lag;
      if (at < HALF_WIDTH) continue;
      const value = this.smooth[at % this.smooth.length];
      if (value === value) this.scratch[n++] = value;
    }
    return smallMedian(this.scratch, n);
  }

  push(value: number): void {
    const slots = this.values.length;
    this.values[this.pushed % slots] = value;
    const centre = this.pushed - HALF_WIDTH;
    this.pushed++;
    if (centre < HALF_WIDTH) return;
    let n = 0;
    for (let at = centre - HALF_WIDTH; at <= centre + HALF_WIDTH; at++) {
      const near = this.values[at % slots];
      if (near === near) this.scratch[n++] = near;
    }
    this.smooth[centre % slots] = smallMedian(this.scratch, n);
  }

  get stateLength(): number {
    return 2 * this.values.length + 1;
  }

  save(into: Float64Array, offset: number): number {
    into[offset] = this.pushed;
    into.set(this.values, offset + 1);
    into.set(this.smooth, offset + 1 + this.values.length);
    return offset + this.stateLength;
  }

  restore(from: Float64Array, offset: number): number {
    this.pushed = from[offset];
    this.values.set(from.subarray(offset + 1, offset + 1 + this.values.length));
    this.smooth.set(from.subarray(offset + 1 + this.values.length, offset + this.stateLength));
    return offset + this.stateLength;
  }
}

/** Median of the first `n` (≤ 7) entries, which it puts in order; NaN for none. */
export function smallMedian(values: Float64Array, n: number): number {
  if (n === 0) return Number.NaN;
  for (let i = 1; i < n; i++) {
    const value = values[i];
    let j = i - 1;
    for (; j >= 0 && values[j] > value; j--) values[j + 1] = values[j];
    values[j + 1] = value;
  }
  const half = n >> 1;
  return n & 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}
