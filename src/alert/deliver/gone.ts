import type { DeliveryRow } from "../../store/rows.js";
import type { Store } from "../../store/store.js";
import { formatUtc } from "../../time/format.js";

/** Why a message cannot be sent whose receiver is no longer in the settings. */
export const goneError = (receiver: string) => `anomaly.yaml has no receiver "${receiver}" any more`;

export interface Gone {
  readonly failed: readonly DeliveryRow[];
  /** Receivers that a sender is still sending to: these messages end by themselves, or when their lease does. */
  readonly underWay: ReadonlySet<string>;
}

/** Fails what waits in the queue for receivers that have been removed from the settings, also what would be tried again later. */
export function failGone(store: Store, receivers: readonly string[], nowMs: number): Promise<Gone> {
  return store.transaction(async (transaction) => {
    const rows = await transaction.find("deliveries", {
      where: { receiver: receivers, state: ["waiting", "sending"] },
    });
    const isLeased = ({ state, due_at }: DeliveryRow) => state === "sending" && Date.parse(due_at) > nowMs;
    const at = formatUtc(nowMs);
    const failed = rows
      .filter((row) => !isLeased(row))
      .map((row): DeliveryRow => {
        const last_error = goneError(row.receiver);
        return { ...row, state: "failed", last_error, ended_at: at, due_at: at, lease: null };
      });
    for (const row of failed) await transaction.put("deliveries", row);
    return { failed, underWay: new Set(rows.filter(isLeased).map(({ receiver }) => receiver)) };
  });
}
