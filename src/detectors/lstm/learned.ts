import type { LstmShape } from "../../network/lstm.js";

/** How far a series spreads, and how far its forecasts were off on values that its network was not trained on. */
export interface SeriesScale {
  readonly location: number;
  /** 0 for a series without a network: constant, or without values. */
  readonly spread: number;
  /** The usual forecast error, in the metric's unit; NaN where it is not known. */
  readonly error: number;
}

/** What the lstm detector learned: plain data. */
export interface LstmModel {
  readonly stepMs: number;
  readonly shape: LstmShape;
  /** One network for all series: it also knows how series behave that it has not seen. */
  readonly isShared: boolean;
  /** The weights of one network after the other. */
  readonly networks: Float32Array;
  /** Of each series of the inventory, in its order: its network; -1 for none. */
  readonly networkOf: Int32Array;
  readonly scales: readonly SeriesScale[];
}
