import { type Named, tellingLabels } from "../series/telling-labels.js";
import type { SeriesStatus } from "./status.js";

/** Statuses of these were made from a target, which fixes some of the labels only. */
const WITHOUT_REPLY: readonly string[] = ["no_data", "failed"];

/**
 * The labels that distinguish the series of records among all that the last run saw: one CPU mode alone in the records is still
 * one of eight.
 */
export function tellingLabelsOf(records: readonly Named[], statuses: readonly SeriesStatus[] = []): readonly string[] {
  // Older states files hold no labels.
  const seen = statuses.filter(({ state, labels }) => labels !== undefined && !WITHOUT_REPLY.includes(state));
  return tellingLabels([...records, ...seen]);
}
