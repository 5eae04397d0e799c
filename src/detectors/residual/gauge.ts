import { MAD_TO_SIGMA } from "../../math/robust-scale.js";
import type { StateCursor } from "../../math/state-cursor.js";
import { DAY_MS, HOUR_MS } from "../../time/duration.js";
import { sampleStride } from "../machine/sample-stride.js";
import { binOf, type Range, TrailingQuantile } from "../machine/trailing-quantile.js";
import type { Unit } from "../machine/unit.js";
import type { ResidualOptions } from "./options.js";

/** The local scale never pulls below this share of the long one. */
const LOCAL_LEAST = 0.2;

/** A tail below 1 counts as 1, and a block beyond the largest says no more: fifteen octaves of bins fit in bytes. */
const TAIL_RANGE: Range = { smallest: 1, largest: 2 ** 15 };

/** Turns one residual into a ratio to what ordinary noise reaches: scaled by its own past, then by its own tail. */
export class Gauge {
  /** The residual in the metric's unit; NaN if it could not be formed. */
  residual = Number.NaN;
  /** Size of the residual in robust deviations, before the tail. */
  size = Number.NaN;
  /** `size` over the ordinary tail; NaN while either is not known. */
  ratio = Number.NaN;
  private scale = Number.NaN;
  /** What ordinary noise reaches, in robust deviations; NaN while it is not known. */
  private ordinary = Number.NaN;
  private blockMaximum = Number.NaN;
  /** The scale, in units of the series. */
  private mixed = Number.NaN;
  private mixedLong = Number.NaN;
  private mixedLocal = Number.NaN;
  private readonly long: TrailingQuantile;
  private readonly local: TrailingQuantile;
  private readonly tail: TrailingQuantile;
  private readonly unit: Unit;

  constructor(stepMs: number, options: ResidualOptions, unit: Unit) {
    this.unit = unit;
    const slots = (durationMs: number) => Math.max(2, Math.round(durationMs / stepMs));
    const refresh = Math.max(1, Math.round(options.blockMs / stepMs));
    const samples = (durationMs: number) => Math.max(2, Math.round(durationMs / (stepMs * sampleStride(stepMs))));
    this.long = new TrailingQuantile(samples(options.scaleMs), 0.5, samples(DAY_MS / 3), 1);
    this.local = new TrailingQuantile(slots(options.localScaleMs), 0.5, slots(options.localScaleMs / 3), refresh);
    const blocks = Math.max(2, Math.round(options.tailMs / Math.max(options.blockMs, stepMs)));
    this.tail = new TrailingQuantile(blocks, options.tailQuantile, Math.round(blocks / 14), 1, TAIL_RANGE);
  }

  /** @param least no scale is below this: the share of the week's residuals, or what the value is known to. */
  measure(residual: number, least: number): void {
    if (this.long.value !== this.mixedLong || this.local.value !== this.mixedLocal) this.mix();
    this.residual = residual;
    this.scale = Math.max(this.mixed * this.unit.size, least);
    this.size = Math.abs(residual) / this.scale;
    this.ordinary = Math.max(1, this.tail.value);
    this.ratio = this.size / this.ordinary;
    if (this.size === this.size && !(this.blockMaximum >= this.size)) this.blockMaximum = this.size;
  }

  /** The long scale drawn towards the local one by a quarter, in logarithms; NaN while there is none. */
  private mix(): void {
    this.mixedLong = this.long.value;
    this.mixedLocal = this.local.value;
    const long = this.mixedLong * MAD_TO_SIGMA;
    const local = Math.max(this.mixedLocal * MAD_TO_SIGMA, long * LOCAL_LEAST);
    // A fourth root: the same on every machine, and sooner than a power.
    this.mixed = long > 0 && local === local ? long * Math.sqrt(Math.sqrt(local / long)) : long;
  }

  /** The residual at which the ratio is `ratio`, in the metric's unit. */
  residualAt(ratio: number): number {
    return ratio * this.ordinary * this.scale;
  }

  /** @param known the residual that the scales may learn from; NaN while an incident is held back. @param isSample for the long one too. */
  learn(known: number, isSample: boolean): void {
    const bin = binOf(known / this.unit.size);
    if (isSample) this.long.pushBin(bin);
    this.local.pushBin(bin);
  }

  closeBlock(heldBack: boolean): void {
    this.tail.push(
      heldBack ? Number.NaN : Math.min(TAIL_RANGE.largest, Math.max(TAIL_RANGE.smallest, this.blockMaximum)),
    );
    this.blockMaximum = Number.NaN;
  }

  /** @param times the new unit that the old one is. The tail has no unit. */
  countIn(times: number): void {
    this.long.multiply(times);
    this.local.multiply(times);
  }

  walk(state: StateCursor): void {
    this.blockMaximum = state.number(this.blockMaximum);
    this.long.walk(state);
    this.local.walk(state);
    this.tail.walk(state);
  }
}

/** The week's large residuals, from which no scale may fall too far; it is given samples. */
export function floorWatch(stepMs: number): TrailingQuantile {
  const sampleMs = stepMs * sampleStride(stepMs);
  const day = Math.max(2, Math.round(DAY_MS / sampleMs));
  return new TrailingQuantile(7 * day, 0.9, day, Math.max(1, Math.round(HOUR_MS / sampleMs)));
}
