import { zonedParts } from "../../time/timezone.js";
import type { QuietHours } from "./settings.js";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const DAY_MINUTES = 24 * 60;

/** `mon-fri`, `sat,sun` and `22:00` as numbers, or what is wrong with which of them. */
export function readQuietHours({
  days,
  from,
  until,
  except,
}: {
  readonly days: string;
  readonly from: string;
  readonly until: string;
  readonly except: QuietHours["except"];
}): QuietHours | { readonly key: "days" | "from" | "until"; readonly problem: string } {
  const read = daysOf(days);
  if (read === undefined) return { key: "days", problem: `got "${days}" and needs days such as mon-fri or sat,sun` };
  const [fromMinute, untilMinute] = [from, until].map(minuteOf);
  for (const [key, text, minute] of [
    ["from", from, fromMinute],
    ["until", until, untilMinute],
  ] as const) {
    if (minute === undefined) return { key, problem: `got "${text}" and needs a time of day such as "22:00"` };
  }
  return { days: read, fromMinute: fromMinute as number, untilMinute: untilMinute as number, except };
}

function minuteOf(text: string): number | undefined {
  const [, hour, minute] = /^(\d{1,2}):(\d\d)$/.exec(text) ?? [];
  if (hour === undefined || Number(hour) > 23 || Number(minute) > 59) return undefined;
  return 60 * Number(hour) + Number(minute);
}

function daysOf(text: string): readonly number[] | undefined {
  const found = new Set<number>();
  for (const part of text.toLowerCase().split(",")) {
    const [first, last = first] = part
      .trim()
      .split("-")
      .map((day) => DAYS.indexOf(day.trim()));
    if (first < 0 || last < 0) return undefined;
    for (let day = first; ; day = (day + 1) % 7) {
      found.add(day);
      if (day === last) break;
    }
  }
  return [...found].sort();
}

/** Whether these hours are under way at a moment, on the zone's wall clock. */
export function isDuring({ days, fromMinute, untilMinute }: QuietHours, atMs: number, timezone: string): boolean {
  const { weekday, hour, minute } = zonedParts(atMs, timezone);
  const now = 60 * hour + minute;
  if (fromMinute < untilMinute) return days.includes(weekday) && now >= fromMinute && now < untilMinute;
  const yesterday = (weekday + 6) % 7;
  return (
    (days.includes(weekday) && now >= fromMinute && now < DAY_MINUTES) ||
    (days.includes(yesterday) && now < untilMinute)
  );
}
