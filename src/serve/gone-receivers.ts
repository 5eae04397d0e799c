import { failGone, goneError } from "../alert/deliver/gone.js";
import { count } from "../wording/count.js";
import type { House } from "./room.js";

/** Receivers that reloads have removed, while messages to them may be in the queue. */
export interface GoneReceivers {
  readonly change: (before: readonly string[], now: readonly string[]) => void;
  /** Fails what waits for them, and logs it. */
  readonly drop: () => Promise<void>;
}

/** @param onFailed called for each message that fails. */
export function goneReceivers(
  { store, nowMs, log }: Pick<House, "store" | "nowMs" | "log">,
  onFailed: (receiver: string) => void,
): GoneReceivers {
  const gone = new Set<string>();
  return {
    change: (before, now) => {
      for (const name of before) if (!now.includes(name)) gone.add(name);
      for (const name of now) gone.delete(name);
    },
    drop: async () => {
      if (gone.size === 0) return;
      const { failed, underWay } = await failGone(store, [...gone], nowMs());
      for (const { receiver } of failed) onFailed(receiver);
      for (const name of gone) {
        const lost = failed.filter(({ receiver }) => receiver === name).length;
        if (lost > 0) log("error", `alerts: ${name}: ${goneError(name)}; ${count(lost, "message")} to it failed`);
        if (!underWay.has(name)) gone.delete(name);
      }
    },
  };
}
