import type { Boosted } from "../../../forest/boosting.js";
import type { SeriesScale } from "../../trained/series-scale.js";

/** What boosted learned of all series together: plain data. */
export interface BoostedFamily {
  readonly stepMs: number;
  readonly lagsMs: readonly number[];
  readonly boosted: Boosted;
  /** Of the series of the inventory, in its order. */
  readonly scales: readonly SeriesScale[];
}
