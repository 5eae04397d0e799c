import { formatIn } from "../../plot/time-ticks.js";
import { formatDuration } from "../../time/duration.js";

/** `07-01 21:14`, with the year only where it is another than that of the period's end. */
export function shortTime(iso: string, timezone: string, endMs: number): string {
  const text = formatIn(Math.floor(Date.parse(iso) / 60_000) * 60_000, timezone);
  return text.slice(0, 4) === formatIn(endMs, timezone).slice(0, 4) ? text.slice(5) : text;
}

/** The two largest units: `2d 4h` says enough where `2d4h20m` would be read twice. */
export function roughDuration(seconds: number): string {
  const [first, second] = formatDuration(Math.max(1000, seconds * 1000)).match(/\d+[a-z]+/g) ?? [];
  return second === undefined ? (first ?? "") : `${first} ${second}`;
}

/** `1 episode`, `12 episodes` */
export function many(count: number, one: string, more = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : more}`;
}

/** `12,345` */
export function grouped(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `4.2 %`, `12 %`; never 0 % for something or 100 % for not all. */
export function percentOf(share: number): string {
  const percent = 100 * share;
  if (percent > 0 && percent < 0.1) return "< 0.1 %";
  if (percent < 100 && percent > 99.9) return "> 99.9 %";
  return `${percent < 10 ? percent.toFixed(1).replace(/\.0$/, "") : Math.round(percent)} %`;
}

/** `0.5 h`, `12 h`, `340 h` */
export function hoursOf(hours: number): string {
  return `${hours < 10 ? hours.toFixed(1).replace(/\.0$/, "") : grouped(hours)} h`;
}
