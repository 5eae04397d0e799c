import type { Labels } from "../series/series.js";

/** One series as a server answered it, before it is put on a grid. */
export interface ReplySeries {
  /** What the server calls it: the path, what functions such as `alias` made of it, or a PromQL selector. */
  readonly name: string;
  /** The path under any functions (Graphite's `tags.name`), where the server says it. */
  readonly path?: string;
  /** Labels that the server itself knows: PromQL's labels, Graphite's tags. */
  readonly labels?: Labels;
  /** Epoch ms; any order, and a time may come twice. */
  readonly times: Float64Array;
  /** NaN for null. */
  readonly values: Float64Array;
  /** The step that was requested, where the server evaluates at any step; absent: the points lie on the server's own. */
  readonly stepMs?: number;
  /** How many series came under this name with nothing to distinguish them, where there were more than this one. */
  readonly namesakes?: number;
  /** Values that were infinite and are taken as missing. */
  readonly infinite: number;
}
