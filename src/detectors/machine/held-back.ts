import type { StateCursor } from "../../math/state-cursor.js";

/**
 * Which blocks of the tail's memory were held back as incidents. Only a share may be: what is anomalous all the time is how
 * the series is.
 */
export class HeldBack {
  private readonly held: Uint8Array;
  private readonly most: number;
  private count = 0;
  private blocks = 0;
  private isAlarmed = 0;

  /** @param share of the blocks (0–1) that may be held back at a time. */
  constructor(blocks: number, share: number) {
    this.held = new Uint8Array(blocks);
    this.most = share * blocks;
  }

  /** The block under way holds an alarm. */
  alarm(): void {
    this.isAlarmed = 1;
  }

  /** Ends a block. @returns whether it is held back. */
  close(): boolean {
    const at = this.blocks++ % this.held.length;
    this.count -= this.held[at];
    const isHeld = this.isAlarmed === 1 && this.count < this.most;
    this.held[at] = isHeld ? 1 : 0;
    this.count += this.held[at];
    this.isAlarmed = 0;
    return isHeld;
  }

  walk(state: StateCursor): void {
    this.count = state.number(this.count);
    this.blocks = state.number(this.blocks);
    this.isAlarmed = state.number(this.isAlarmed);
    state.array(this.held);
  }
}
