import type { AnomalyRecord } from "./record.js";

/** Whether a record is of a group of series, which has no value of its own. */
export function isGroupRecord(record: Pick<AnomalyRecord, "kind">): boolean {
  return record.kind === "group";
}

/** Each member of a group as a record about its own series in the group's episode; none for a record of one series. */
export function memberRecords(record: AnomalyRecord): readonly AnomalyRecord[] {
  return (record.members ?? []).map((member) => ({
    ...record,
    machine: member.labels["machine"] ?? "",
    aggregator: member.labels["aggregator"] ?? "",
    series: member.series,
    target: member.target,
    labels: member.labels,
    unit: member.unit,
    detector: member.detector,
    model: member.model,
    model_version: member.model_version,
    threshold: member.threshold,
    threshold_divisor: member.threshold_divisor,
    left_out: member.left_out,
    member_count: undefined,
    members: undefined,
  }));
}
