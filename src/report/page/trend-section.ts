import { SEVERITIES } from "../../plot/theme.js";
import { valueTicks } from "../../wording/format-value.js";
import { percent } from "../../wording/percent.js";
import { hoursOf } from "../../wording/rough-duration.js";
import type { Report } from "../report.js";
import type { DayTrend } from "../trend.js";
import { html, type Markup } from "./markup.js";

const CHART = { width: 350, height: 130, left: 40, bottom: 20, top: 8 } as const;
const LABEL_WIDTH = 46;

/** Three small charts with a bar a day. */
export function trendSection({ trend, totals }: Report): Markup {
  const sum = (day: DayTrend) => SEVERITIES.reduce((all, severity) => all + day.episodes[severity], 0);
  return html`<section id="trend">
<h2>Day by day</h2>
<p class="sub">The first and the last day may be parts of one.</p>
<div class="three">
<div><h3>Episodes that began</h3>${chart(
    trend,
    (day) => [...SEVERITIES].reverse().map((severity) => ({ value: day.episodes[severity], look: `f-${severity}` })),
    (day) => `${day.date}: ${sum(day)}`,
    (value) => String(value),
  )}</div>
<div><h3>Hours anomalous, all series</h3>${chart(
    trend,
    (day) => [{ value: day.seriesHours, look: "bar" }],
    (day) => `${day.date}: ${hoursOf(day.seriesHours)}`,
    (value) => `${value} h`,
  )}</div>
${
  totals.fleet_machines === 0
    ? null
    : html`<div><h3>Share of the fleet concerned</h3>${chart(
        trend,
        (day) => [{ value: 100 * (day.machineShare ?? 0), look: "bar" }],
        (day) => `${day.date}: ${percent(day.machineShare ?? 0)}`,
        (value) => `${value} %`,
      )}</div>`
}
</div></section>`;
}

interface Part {
  readonly value: number;
  readonly look: string;
}

/** Stacked bars, the last part on top. */
function chart(
  trend: readonly DayTrend[],
  partsOf: (day: DayTrend) => readonly Part[],
  titleOf: (day: DayTrend) => string,
  labelOf: (value: number) => string,
): Markup {
  const { width, height, left, bottom, top } = CHART;
  const plot = { width: width - left, height: height - bottom - top };
  const most = Math.max(1e-9, ...trend.map((day) => partsOf(day).reduce((all, { value }) => all + value, 0)));
  // A fleet without episodes has an axis all the same.
  const high = most < 1e-6 ? 1 : most * 1.05;
  const { values } = valueTicks(0, high, 3, null);
  const y = (value: number) => top + (1 - value / high) * plot.height;
  const px = (value: number) => Math.round(value * 10) / 10;
  const step = plot.width / trend.length;
  const every = Math.max(1, Math.ceil((trend.length * LABEL_WIDTH) / plot.width));
  return html`<svg viewBox="0 0 ${width} ${height}" role="img">
${values.map((value) => html`<line class="gridline" x1="${left}" x2="${width}" y1="${px(y(value))}" y2="${px(y(value))}"/><text x="${left - 6}" y="${px(y(value) + 4)}" text-anchor="end">${labelOf(value)}</text>`)}
${trend.map((day, i) => {
  let below = 0;
  const bars = partsOf(day).map(({ value, look }) => {
    const bar = html`<rect class="${look}" x="${px(left + i * step + step * 0.15)}" width="${px(Math.min(step * 0.7, 44))}" y="${px(y(below + value))}" height="${px(y(below) - y(below + value))}"/>`;
    below += value;
    return value > 0 ? bar : null;
  });
  const label = i % every === 0 ? day.date.slice(5) : null;
  const middle = left + i * step + step * 0.15 + Math.min(step * 0.7, 44) / 2;
  return html`<g><title>${titleOf(day)}</title>${bars}${
    label === null ? null : html`<text x="${px(middle)}" y="${height - 5}" text-anchor="middle">${label}</text>`
  }</g>`;
})}
<line class="axis" x1="${left}" x2="${width}" y1="${px(y(0))}" y2="${px(y(0))}"/></svg>`;
}
