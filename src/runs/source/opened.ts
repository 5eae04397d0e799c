import type { Series } from "../../series/series.js";
import type { SeriesSource, Target } from "../../sources/source.js";

/** A source that is ready, and what is to be asked of it. */
export interface OpenedSource {
  readonly source: SeriesSource;
  /** Everything that the options ask for. */
  readonly targets: readonly Target[];
  /** How the source's names become labels. */
  readonly template?: string;
  /** The expression that fetches one series again. */
  readonly targetOf: (series: Pick<Series, "name" | "labels">) => string;
  /** What is "now" for this source: the wall clock, or the end of the data of files. */
  readonly nowMs: number;
  /** For messages: `Graphite at graphite.example.com/`, `6 CSV files`. */
  readonly name: string;
  /** Of a Grafana: the data source that is asked. */
  readonly datasourceUid?: string;
  readonly close: () => Promise<void>;
}
