import { formatDuration, SECOND_MS } from "../time/duration.js";
import { thousands } from "./count.js";

/** The two largest units apart from each other: `2d 4h`; less than a second counts as one. */
export function roughDuration(seconds: number): string {
  return (formatDuration(Math.max(SECOND_MS, seconds * SECOND_MS)).match(/\d+[a-z]+/g) ?? []).join(" ");
}

/** `0.5 h`, `12 h`, `1,340 h` */
export function hoursOf(hours: number): string {
  return `${hours < 9.95 ? hours.toFixed(1).replace(/\.0$/, "") : thousands(Math.round(hours))} h`;
}
