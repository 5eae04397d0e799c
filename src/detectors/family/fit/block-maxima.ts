/** The largest value of each block of time that held any, in order. Times must not go back; NaN counts as 0. */
export class BlockMaxima {
  readonly maxima: number[] = [];
  private readonly blockMs: number;
  private block = Number.NaN;

  constructor(blockMs: number) {
    this.blockMs = blockMs;
  }

  add(timeMs: number, value: number): void {
    const block = Math.floor(timeMs / this.blockMs);
    if (block !== this.block) {
      this.block = block;
      this.maxima.push(0);
    }
    const last = this.maxima.length - 1;
    if (value > this.maxima[last]) this.maxima[last] = value;
  }
}
