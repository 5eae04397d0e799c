import type { TimeRange } from "../series/series.js";
import type { InputLimits } from "../sources/input-limits.js";

export interface CsvOptions extends InputLimits {
  /** Zone of times that carry none. Absent: UTC, and a note says so. */
  readonly timezone?: string;
  /** `FILE#COLUMN` or `COLUMN`, e.g. `{aggregator}.csv#{machine}`: where the labels are read from. */
  readonly template?: string;
  /** Grid step, ms. Absent: the step that most series have. */
  readonly stepMs?: number;
  /** Rows outside are not kept; each end may be open. */
  readonly range?: Partial<TimeRange>;
  /** `keep` (default) leaves 12.3% as 12.3 with the unit `percent`; `ratio` makes it 0.123. */
  readonly percent?: "ratio" | "keep";
}

export interface CsvProgress {
  readonly doneBytes: number;
  readonly totalBytes: number;
  readonly doneFiles: number;
  readonly totalFiles: number;
  /** The file being read. */
  readonly file: string;
}
