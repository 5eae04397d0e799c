import type { NamedQuery } from "../../sources/promql/named-query.js";
import type { VariableValues } from "../../sources/variable-values.js";

export type ServerKind = "graphite" | "grafana" | "prometheus" | "victoriametrics";

/** How a server is reached. Durations are ms, sizes are bytes. Secrets are not in it: they come from the environment. */
export interface ServerSpec {
  readonly graphiteUrl?: string;
  readonly grafanaUrl?: string;
  readonly prometheusUrl?: string;
  readonly victoriametricsUrl?: string;
  readonly datasourceUid?: string;
  /** Default: auto. */
  readonly via?: "auto" | "proxy" | "query";
  readonly concurrency: number;
  readonly timeout: number;
  readonly deadline?: number;
  readonly maxReply: number;
  readonly maxDownload?: number;
  readonly maxSeries?: number;
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly insecure: boolean;
}

/** What is asked of it. */
export interface QuestionSpec {
  readonly template?: string;
  /** A Graphite expression that is asked as it is, instead of what the template stands for. */
  readonly target?: string;
  readonly query: readonly NamedQuery[];
  readonly var: readonly VariableValues[];
  /** Labels under another name: `machine=instance`. */
  readonly label: readonly VariableValues[];
  readonly rate: boolean;
  /** The newest values may still change for so long. */
  readonly settle?: number;
}

/** How names and cells of CSV files are read. */
export interface CsvSpec {
  readonly paths: readonly string[];
  readonly timezone?: string;
  readonly series?: string;
  readonly percent?: "ratio" | "keep";
  readonly maxSeries?: number;
  /** Bytes that one gzipped file may unpack to. */
  readonly maxDecompressed?: number;
}

/** Where series come from and which: plain data, as a job holds it. */
export interface SourceSpec extends ServerSpec, QuestionSpec, CsvSpec {
  readonly source: "csv" | ServerKind;
}
