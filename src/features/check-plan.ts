import { DAY_MS } from "../time/duration.js";
import { isTimezone } from "../time/timezone.js";
import { foundValue } from "../wording/found-value.js";
import { historySlots } from "./feature-machine.js";
import type { FeaturePlan } from "./feature-plan.js";

/** No plan of ours has more than three of either. */
const MOST_DURATIONS = 8;
const LONGEST_MS = 35 * DAY_MS;
/** Slots that a scorer keeps: a week at one second. 8 bytes each, so a few MB a series. */
const MOST_SLOTS = 700_000;

/**
 * What keeps a value from being a feature plan that can be scored with, or undefined.
 *
 * @example checkPlan({ stepMs: 60_000, windowsMs: [1e15], lagsMs: [], timezone: "UTC" })
 * // "windowsMs holds 1000000000000000, needed milliseconds up to 3024000000"
 */
export function checkPlan(plan: FeaturePlan): string | undefined {
  const { stepMs, windowsMs, lagsMs, timezone } = plan;
  if (!(Number.isInteger(stepMs) && stepMs >= 1 && stepMs <= DAY_MS)) {
    return `stepMs is ${foundValue(stepMs)}, needed whole milliseconds up to a day`;
  }
  for (const [name, durations] of [
    ["windowsMs", windowsMs],
    ["lagsMs", lagsMs],
  ] as const) {
    if (!Array.isArray(durations) || durations.length < 1 || durations.length > MOST_DURATIONS) {
      return `${name} must be a list of 1 to ${MOST_DURATIONS} durations`;
    }
    const wrong = durations.find((ms) => !(Number.isInteger(ms) && ms > 0 && ms <= LONGEST_MS));
    if (wrong !== undefined) return `${name} holds ${foundValue(wrong)}, needed milliseconds up to ${LONGEST_MS}`;
    if (durations.some((ms, i) => i > 0 && ms <= durations[i - 1])) return `${name} must rise`;
  }
  const slots = historySlots(plan);
  if (slots > MOST_SLOTS) return `it looks back ${slots} slots, at most ${MOST_SLOTS} are possible`;
  return isTimezone(timezone) ? undefined : `timezone is ${foundValue(timezone)}, which is not known here`;
}
