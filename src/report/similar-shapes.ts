import type { AnomalyRecord, Direction, EpisodeKind, HydratedRecord, RecordContext } from "../records/record.js";
import { worstFirst } from "../records/worst-first.js";
import { seriesKey } from "../series/series.js";
import { HOUR_MS } from "../time/duration.js";

/** Episodes that look alike, whatever their size. */
export interface ShapeGroup {
  readonly kind: EpisodeKind;
  readonly direction: Direction;
  /** Ids, the worst first; the first one is what the others were compared with. */
  readonly members: readonly string[];
  readonly machines: number;
  /** What they have in common: the mean of their shapes, from −1 to 1, `SHAPE_POINTS` over `SHAPE_MS` around the episode's start. */
  readonly shape: readonly number[];
}

/** Two hours before the start and ten after it: what led there and how it continued. */
export const SHAPE_BEFORE_MS = 2 * HOUR_MS;
export const SHAPE_MS = 12 * HOUR_MS;
export const SHAPE_POINTS = 48;
/** Pearson's correlation from which two shapes are one. */
const ALIKE = 0.85;
/** A shape with fewer known points than this says nothing. */
const LEAST_KNOWN = SHAPE_POINTS / 3;
/** Each is compared with every group: of a fleet that pages without end the worst this many are enough. */
const MOST_RECORDS = 3000;

/**
 * Groups records of the same kind and direction whose deviations from what was expected run alike (correlation of at least
 * 0.85 with the group's worst member). Records that were not hydrated have no shape and are left out, as are groups of
 * one and of one series only. The largest group first.
 */
export function similarShapes(records: readonly (AnomalyRecord | HydratedRecord)[]): ShapeGroup[] {
  const groups: { leader: Float64Array; members: AnomalyRecord[]; shapes: Float64Array[] }[] = [];
  for (const record of records.toSorted(worstFirst).slice(0, MOST_RECORDS)) {
    const shape = shapeOf(record);
    if (shape === undefined) continue;
    const found = groups.find(
      ({ leader, members }) =>
        members[0].kind === record.kind &&
        members[0].direction === record.direction &&
        correlation(leader, shape) >= ALIKE,
    );
    if (found === undefined) groups.push({ leader: shape, members: [record], shapes: [shape] });
    else {
      found.members.push(record);
      found.shapes.push(shape);
    }
  }
  return groups
    .filter(({ members }) => new Set(members.map(({ labels }) => seriesKey(labels))).size > 1)
    .map(({ members, shapes }) => ({
      kind: members[0].kind,
      direction: members[0].direction,
      members: members.map(({ id }) => id),
      machines: new Set(members.map(({ machine }) => machine)).size,
      shape: meanShape(shapes),
    }))
    .sort((a, b) => b.members.length - a.members.length || (a.members[0] < b.members[0] ? -1 : 1));
}

/** Deviations around the episode's start, largest one 1 or −1; NaN where nothing is known. Undefined for too little. */
export function shapeOf(record: AnomalyRecord | Partial<HydratedRecord>): Float64Array | undefined {
  const context = (record as Partial<HydratedRecord>).context;
  if (context === undefined || context === null || record.start === undefined) return undefined;
  const deviations = deviationsOf(context);
  const fromMs = Date.parse(record.start) - SHAPE_BEFORE_MS;
  const shape = new Float64Array(SHAPE_POINTS);
  let [known, largest] = [0, 0];
  for (let i = 0; i < SHAPE_POINTS; i++) {
    const timeMs = fromMs + ((i + 0.5) * SHAPE_MS) / SHAPE_POINTS;
    const slot = Math.floor((timeMs - Date.parse(context.start)) / (context.step_s * 1000));
    shape[i] = deviations[slot] ?? Number.NaN;
    if (Number.isNaN(shape[i])) continue;
    known++;
    largest = Math.max(largest, Math.abs(shape[i]));
  }
  if (known < LEAST_KNOWN || largest === 0) return undefined;
  return shape.map((value) => value / largest);
}

/** Observed against expected, or where there is no model against the day before. */
function deviationsOf({ observed, expected, lag_24h }: RecordContext): number[] {
  return observed.map((value, i) => {
    const usual = expected[i] ?? lag_24h[i];
    return value === null || usual === null ? Number.NaN : value - usual;
  });
}

/** Pearson's, over the points that both know; 0 for fewer than a third of them or for a constant. */
export function correlation(a: Float64Array, b: Float64Array): number {
  let [n, sumA, sumB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    if (Number.isNaN(a[i]) || Number.isNaN(b[i])) continue;
    n++;
    sumA += a[i];
    sumB += b[i];
  }
  if (n < LEAST_KNOWN) return 0;
  const [meanA, meanB] = [sumA / n, sumB / n];
  let [both, squareA, squareB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    if (Number.isNaN(a[i]) || Number.isNaN(b[i])) continue;
    both += (a[i] - meanA) * (b[i] - meanB);
    squareA += (a[i] - meanA) ** 2;
    squareB += (b[i] - meanB) ** 2;
  }
  return squareA === 0 || squareB === 0 ? 0 : both / Math.sqrt(squareA * squareB);
}

function meanShape(shapes: readonly Float64Array[]): number[] {
  return Array.from({ length: SHAPE_POINTS }, (_, i) => {
    const known = shapes.map((shape) => shape[i]).filter((value) => !Number.isNaN(value));
    return known.length === 0 ? 0 : Number((known.reduce((a, b) => a + b, 0) / known.length).toFixed(3));
  });
}
