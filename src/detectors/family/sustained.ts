/** One wild slot may move the mean no further than this many band half-widths. */
const CLIP = 6;

/**
 * The mean signed distance of the last few slots: a shift that stays inside the band of every single slot shows here.
 *
 * It is the distance of the present, too: once the newest slot is back near zero, or on the other side, it is 0, so that an
 * incident does not outlast its end by the length of the window.
 */
export class Sustained {
  /** NaN unless five sixths of the window hold one. */
  distance = Number.NaN;
  private readonly recent: Float64Array;
  private at = 0;

  constructor(slots: number) {
    this.recent = new Float64Array(slots).fill(Number.NaN);
  }

  /** @param distance of the newest slot, in band half-widths; NaN if missing. */
  push(distance: number): void {
    this.recent[this.at] = Math.max(-CLIP, Math.min(CLIP, distance));
    this.at = this.at + 1 === this.recent.length ? 0 : this.at + 1;
    let sum = 0;
    let n = 0;
    for (let i = 0; i < this.recent.length; i++) {
      if (this.recent[i] === this.recent[i]) {
        sum += this.recent[i];
        n++;
      }
    }
    const mean = sum / n;
    const present = distance * mean > 0 && Math.abs(distance) >= Math.abs(mean) / 2;
    this.distance = distance !== distance || 6 * n < 5 * this.recent.length ? Number.NaN : present ? mean : 0;
  }

  get stateLength(): number {
    return this.recent.length + 1;
  }

  /** Returns the next free offset of `into`. */
  save(into: Float64Array, offset: number): number {
    into[offset] = this.at;
    into.set(this.recent, offset + 1);
    return offset + this.stateLength;
  }

  restore(from: Float64Array, offset: number): number {
    this.at = from[offset];
    this.recent.set(from.subarray(offset + 1, offset + this.stateLength));
    return offset + this.stateLength;
  }
}
