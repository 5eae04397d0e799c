import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { labelText, numberText } from "../exposition/text.js";
import { type SampleSeries, WRITTEN } from "../write/sample-series.js";

/*
 * OpenMetrics text (https://prometheus.io/docs/specs/om/open_metrics_spec/), as `promtool tsdb create-blocks-from openmetrics` reads it:
 * one metric after the other, times in seconds, `# EOF` at the end. Windows of time come one by one, each with all metrics, so each metric is
 * kept in a file of its own until the end.
 */

/** Text that grows by windows of time and is read once. */
export interface OpenMetricsText {
  readonly add: (samples: readonly SampleSeries[]) => void;
  /** The whole text, in pieces. */
  readonly read: () => Generator<Uint8Array>;
  /** Removes what was kept. */
  readonly close: () => void;
}

const HELP: Readonly<Record<string, string>> = {
  anomaly_score: "The score of a slot; 1 is the alerting threshold.",
  anomaly_observed: "The value in the slot.",
  anomaly_expected: "What was expected.",
  anomaly_lower: "The lower edge of the band.",
  anomaly_upper: "The upper edge of the band.",
};

export function openMetricsText(): OpenMetricsText {
  const folder = mkdtempSync(join(tmpdir(), "anomaly-export-"));
  const paths = new Map<string, string>(WRITTEN.map(([name]) => [name, join(folder, name)]));
  const files = new Map([...paths].map(([name, path]) => [name, openSync(path, "wx", 0o600)]));
  const closeFiles = () => {
    for (const file of files.values()) closeSync(file);
    files.clear();
  };
  return {
    add: (samples) => {
      for (const { labels, times, values } of samples) {
        const name = labels.find(([label]) => label === "__name__")?.[1] ?? "";
        const file = files.get(name);
        if (file === undefined) continue;
        const head = `${name}${labelText(labels.filter(([label]) => label !== "__name__"))}`;
        const lines = times.map((timeMs, i) => `${head} ${numberText(values[i])} ${timeMs / 1000}\n`);
        writeSync(file, lines.join(""));
      }
    },
    read: function* () {
      closeFiles();
      for (const [name, path] of paths) {
        yield Buffer.from(`# HELP ${name} ${HELP[name]}\n# TYPE ${name} gauge\n`);
        yield* piecesOf(path);
      }
      yield Buffer.from("# EOF\n");
    },
    close: () => {
      closeFiles();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const PIECE_BYTES = 1 << 20;

function* piecesOf(path: string): Generator<Uint8Array> {
  const file = openSync(path, "r");
  try {
    for (;;) {
      const piece = Buffer.alloc(PIECE_BYTES);
      const length = readSync(file, piece);
      if (length === 0) return;
      yield piece.subarray(0, length);
    }
  } finally {
    closeSync(file);
  }
}
