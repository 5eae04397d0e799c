import { median } from "../../math/median.js";
import { valueDomain } from "../../plot/value-domain.js";
import type { HydratedRecord, RecordContext } from "../../records/record.js";
import { html, type Markup } from "./markup.js";

/** A sparkline's paths in a box of this many px: enough to draw it in a page or a picture. */
export interface SparkPaths {
  readonly line: string;
  readonly band: string;
  /** Where the episode lies: from and to, px. */
  readonly episode: readonly [number, number] | undefined;
}

/** Size in a row of the page, px. */
export const SPARK = { width: 220, height: 42 } as const;
/** Every second pixel has a value: more cannot be distinguished, and a page of 600 records would grow by megabytes. */
const PX_A_POINT = 2;
const LEAST_SHADE = 3;

/** The 24 hours of a record as paths. Gaps break the line. Undefined where there is nothing to draw. */
export function sparkPaths(record: Partial<HydratedRecord>, width: number, height: number): SparkPaths | undefined {
  const { context, start, end } = record;
  if (!context?.observed.some((value) => value !== null)) return undefined;
  const slots = thinned(context, Math.floor(width / PX_A_POINT));
  const { low, high } = valueDomain(
    slots.map(({ observed }) => observed),
    slots.flatMap(({ lower, upper }) => [lower, upper]),
  );
  const x = (i: number) => tenth(((i + 0.5) / slots.length) * width);
  const y = (value: number) =>
    tenth((1 - (Math.min(high, Math.max(low, value)) - low) / (high - low)) * (height - 2) + 1);
  let line = "";
  slots.forEach(({ observed }, i) => {
    if (observed === null) return;
    const joined = i > 0 && slots[i - 1].observed !== null;
    const alone = !joined && (slots[i + 1]?.observed ?? null) === null;
    line += `${joined ? "L" : "M"}${x(i)} ${y(observed)}${alone ? "h.5" : ""}`;
  });
  const startMs = Date.parse(context.start);
  const lengthMs = context.observed.length * context.step_s * 1000;
  const place = (time: string | undefined) => ((Date.parse(time ?? "") - startMs) / lengthMs) * width;
  const [from, to] = [Math.max(0, place(start)), Math.min(width, place(end))];
  const widen = Math.max(0, (LEAST_SHADE - (to - from)) / 2);
  return {
    line,
    band: bandPath(slots, x, y),
    episode: to > 0 && from < width ? [tenth(from - widen), tenth(to + widen)] : undefined,
  };
}

export function sparkLine(record: Partial<HydratedRecord>, width: number, height: number): Markup {
  const paths = sparkPaths(record, width, height);
  if (paths === undefined) return html`<span class="none">no data</span>`;
  const [from, to] = paths.episode ?? [0, 0];
  return html`<svg class="spark" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="the 24 hours around it">${
    to > from ? html`<rect class="ep" x="${from}" y="0" width="${tenth(to - from)}" height="${height}"/>` : null
  }<path class="band" d="${paths.band}"/><path class="obs" d="${paths.line}"/></svg>`;
}

interface Slot {
  readonly observed: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** At most this many slots; of those that become one the value farthest from the median of the window stays, so that no spike is lost. */
function thinned(context: RecordContext, most: number): Slot[] {
  const { observed, lower, upper } = context;
  const each = Math.max(1, Math.ceil(observed.length / most));
  const middle = median(observed.filter((value) => value !== null));
  const slots: Slot[] = [];
  for (let i = 0; i < observed.length; i += each) {
    const some = observed.slice(i, i + each).filter((value) => value !== null);
    slots.push({
      observed: some.length === 0 ? null : some.reduce((a, b) => (Math.abs(b - middle) > Math.abs(a - middle) ? b : a)),
      lower: lower[i],
      upper: upper[i],
    });
  }
  return slots;
}

function bandPath(slots: readonly Slot[], x: (i: number) => number, y: (value: number) => number): string {
  let path = "";
  for (let i = 0; i < slots.length; i++) {
    if (slots[i].lower === null || slots[i].upper === null) continue;
    let last = i;
    while (last + 1 < slots.length && slots[last + 1].lower !== null && slots[last + 1].upper !== null) last++;
    const places = Array.from({ length: last - i + 1 }, (_, k) => i + k);
    const above = places.map((k) => `${x(k)} ${y(slots[k].upper!)}`);
    const below = places.reverse().map((k) => `${x(k)} ${y(slots[k].lower!)}`);
    path += `M${[...above, ...below].join("L")}Z`;
    i = last;
  }
  return path;
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
