import { MAD_TO_SIGMA } from "../../math/robust-scale.js";
import { SortedWindow } from "../../math/sorted-window.js";
import type { StateCursor, Stateful } from "../../math/state-cursor.js";

/** The usual distance is the MAD of this many of the newest errors, none of which was trained on … */
const ERRORS = 288;
/** … and until there are as many as this, what it was on the values held out from training. */
const ENOUGH_ERRORS = 72;

/** How far off forecasts of something trained are, in the metric's unit. */
export class UsualError implements Stateful {
  private readonly heldOut: number;
  private readonly errors = new SortedWindow(ERRORS);
  private known = 0;

  /** @param heldOut NaN where it is not known. */
  constructor(heldOut: number) {
    this.heldOut = heldOut;
  }

  /** @param error NaN, of a slot that has no value or no forecast, says nothing. */
  push(error: number): void {
    if (error !== error) return;
    this.errors.push(error);
    if (this.known < ENOUGH_ERRORS) this.known++;
  }

  get size(): number {
    return this.known >= ENOUGH_ERRORS ? this.errors.medianDeviationFrom(0) * MAD_TO_SIGMA : this.heldOut;
  }

  walk(state: StateCursor): void {
    this.known = state.number(this.known);
    this.errors.walk(state);
  }
}
