import type { AnomalyRecord, Severity } from "../../records/record.js";
import type { JobFindings } from "../findings.js";
import { publishedLabels } from "./series-labels.js";
import { headOf, labelText, sampleLine } from "./text.js";

const SEVERITIES: readonly Severity[] = ["low", "medium", "high", "critical"];

/** The open episodes of all jobs: of each series that has some, under its labels and the severity, and their number by job. */
export function* openText(
  jobs: readonly JobFindings[],
  /** Whether a series is published, by its label text. */
  isShown: (labels: string) => boolean,
): Generator<string> {
  const open = jobs.map((job) => ({ job, records: [...job.records()].filter(({ status }) => status === "open") }));
  yield headOf(
    "anomaly_open_episodes",
    "gauge",
    "Open episodes of a series by severity, under the labels of the series; absent where there is none.",
  );
  for (const { job, records } of open) {
    const counts = new Map<string, number>();
    for (const record of records) {
      const labels = labelText(publishedLabels(job.name, identityOf(record)));
      if (!isShown(labels)) continue;
      const text = `${labels.slice(0, -1)},severity="${record.severity}"}`;
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
    let lines = "";
    for (const [text, count] of counts) lines += sampleLine("anomaly_open_episodes", text, count);
    if (lines !== "") yield lines;
  }
  yield headOf("anomaly_job_open_episodes", "gauge", "Open episodes by job and severity.");
  for (const { job, records } of open) {
    for (const severity of SEVERITIES) {
      const labels = labelText([
        ["job", job.name],
        ["severity", severity],
      ]);
      yield sampleLine(
        "anomaly_job_open_episodes",
        labels,
        records.filter((record) => record.severity === severity).length,
      );
    }
  }
}

const identityOf = ({ machine, aggregator, labels, series: name }: AnomalyRecord) => ({
  machine,
  aggregator,
  labels,
  name,
});
