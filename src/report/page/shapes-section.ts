import type { AnomalyRecord } from "../../records/record.js";
import { formatDuration } from "../../time/duration.js";
import { count } from "../../wording/count.js";
import { kindWords } from "../../wording/kind.js";
import { aggregatorWords } from "../../wording/labels.js";
import { shortTime } from "../../wording/moment.js";
import type { Report } from "../report.js";
import { SHAPE_BEFORE_MS, SHAPE_MS, type ShapeGroup } from "../similar-shapes.js";
import { html, type Markup } from "./markup.js";

const SHOWN = 6;
const MEMBERS = 60;
const BOX = { width: 300, height: 70 } as const;

/** Episodes of several series that look alike: often one cause. */
export function shapesSection({ shapes, records, range, timezone, tellingLabels }: Report): Markup {
  const nameOf = (record: AnomalyRecord) => `${record.machine} ${aggregatorWords(record, tellingLabels)}`;
  if (shapes.length === 0) return html``;
  const byId = new Map(records.map((record) => [record.id, record]));
  return html`<section id="shapes">
<h2>Similar shapes</h2>
<p class="sub">Episodes of several series whose deviations run alike, whatever their size: the mean from ${formatDuration(SHAPE_BEFORE_MS)} before the start (dashed) to ${formatDuration(SHAPE_MS - SHAPE_BEFORE_MS)} after it.</p>
<div class="cards">${shapes.slice(0, SHOWN).map((group) => {
    const members = group.members.flatMap((id) => byId.get(id) ?? []);
    return html`<div class="card"><h3><span class="k k-${group.kind}"></span>${kindWords(group)} × ${members.length}</h3>${drawn(group)}
<div class="when faint">on ${count(group.machines, "machine")}, as ${nameOf(members[0])}</div>
<details><summary>${count(members.length, "episode")}</summary>${members
      .slice(0, MEMBERS)
      .map(
        (member) => html`<div class="faint">${shortTime(member.start, timezone, range.endMs)} ${nameOf(member)}</div>`,
      )}</details></div>`;
  })}</div>${shapes.length > SHOWN ? html`<p class="sub">and ${count(shapes.length - SHOWN, "smaller group")}</p>` : null}</section>`;
}

function drawn({ shape }: ShapeGroup): Markup {
  const low = Math.min(0, ...shape);
  const high = Math.max(0, ...shape);
  const x = (i: number) => Math.round((i / (shape.length - 1)) * BOX.width * 10) / 10;
  const y = (value: number) => Math.round((4 + (1 - (value - low) / (high - low || 1)) * (BOX.height - 8)) * 10) / 10;
  const start = Math.round((SHAPE_BEFORE_MS / SHAPE_MS) * BOX.width);
  return html`<svg viewBox="0 0 ${BOX.width} ${BOX.height}" role="img" aria-label="mean deviation"><line class="gridline" x1="0" x2="${BOX.width}" y1="${y(0)}" y2="${y(0)}"/><line class="axis" stroke-dasharray="3 3" x1="${start}" x2="${start}" y1="0" y2="${BOX.height}"/><path class="shape" d="M${shape.map((value, i) => `${x(i)} ${y(value)}`).join("L")}"/></svg>`;
}
