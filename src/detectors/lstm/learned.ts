import type { LstmShape } from "../../network/lstm.js";
import type { SeriesScale } from "../trained/series-scale.js";

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
