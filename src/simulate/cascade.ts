import { normal, seededRandom } from "../math/random.js";
import type { Labels, TimeRange } from "../series/series.js";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../time/duration.js";
import { type CascadeChange, type CascadeKind, cascadeStretch } from "./cascade-stretch.js";
import { mixSeed } from "./fleet-plan.js";

/** How large a cascade is, and what else goes on. */
export interface CascadeOptions {
  readonly seed: number;
  readonly series: number;
  /** Series that follow the cause. */
  readonly followers: number;
  /** Share of all series that have an incident of their own in a window, on the day looked at and on every earlier one. */
  readonly unrelatedShare: number;
  readonly stepMs: number;
  readonly windowMs: number;
  readonly leadMs: number;
  readonly days: number;
  /** Earlier cascades of the same followers, one a day in the first days of the reference. Default 0. */
  readonly earlierCascades?: number;
}

export const DEFAULT_CASCADE: CascadeOptions = {
  seed: 1,
  series: 10_000,
  followers: 200,
  unrelatedShare: 0.001,
  stepMs: MINUTE_MS,
  windowMs: 2 * HOUR_MS,
  leadMs: 4 * HOUR_MS,
  days: 7,
};

/** A cause, what follows it, and unrelated incidents, in series of many kinds; `days[d]` is `d` days before. */
export interface Cascade {
  readonly series: readonly {
    readonly name: string;
    readonly labels: Labels;
    readonly stepMs: number;
    readonly days: readonly Float64Array[];
  }[];
  readonly kinds: readonly CascadeKind[];
  readonly window: TimeRange;
  readonly leadMs: number;
  /** Index of the series that was first. */
  readonly cause: number;
  /** The followers, without the cause, and those that have an incident of their own in the window. */
  readonly followers: readonly number[];
  readonly unrelated: readonly number[];
  /** The changes of the window, by series. */
  readonly changes: ReadonlyMap<number, CascadeChange>;
  /** Usual followers that did not move this time; only with earlier cascades. */
  readonly stayed: readonly number[];
}

/** Of a hundred series: what servers, load balancers and exporters have. */
const MIX: readonly (readonly [CascadeKind, number])[] = [
  ["seasonal", 40],
  ["counter", 15],
  ["sparse", 10],
  ["gaps", 10],
  ["spiky", 10],
  ["wander", 10],
  ["constant", 5],
];
const SERIES_A_MACHINE = 20;
const MACHINES_A_SERVICE = 25;
/** Most of what follows is of the service of the cause; the rest is anywhere. */
const SAME_SERVICE = 0.7;
/** Delays of followers: log-normal around ten minutes, most between four and twenty-five. */
const DELAY_MEDIAN_MS = 10 * MINUTE_MS;
const DELAY_SPREAD = 0.5;
/** The cause begins between an eighth and three eighths of the window. */
const CAUSE_FROM = 0.125;
const CAUSE_UNTIL = 0.375;
/** Of the usual followers so many stay still this time. */
const STAYING = 10;
/** Windows begin at any hour of any weekday. */
const FIRST_MS = Date.UTC(2025, 6, 2);
const HOURS = 7 * 24;

/** The same options give the same cascade to the last digit. */
export function simulateCascade(options: CascadeOptions): Cascade {
  const { seed, stepMs, windowMs, leadMs, days, earlierCascades = 0 } = options;
  const random = seededRandom(mixSeed(seed, 21, 0, 0));
  const startMs = FIRST_MS + Math.floor(random() * HOURS) * HOUR_MS;
  const window = { startMs, endMs: startMs + windowMs };
  const all = Array.from({ length: options.series }, (_, i) => i);
  const kinds = all.map((i) => kindAt(seededRandom(mixSeed(seed, 22, i, 0))()));
  const labels = all.map(labelsOf);
  const cause = Math.floor(random() * options.series);
  const causeMs = window.startMs + windowMs * (CAUSE_FROM + random() * (CAUSE_UNTIL - CAUSE_FROM));
  const usual = pick(cause, labels, options.followers + (earlierCascades > 0 ? STAYING : 0), random);
  const followers = usual.slice(0, options.followers);
  const changes = new Map<number, CascadeChange>();
  const slotOf = (timeMs: number) => Math.round((timeMs - window.startMs) / stepMs);
  changes.set(cause, changeAt(slotOf(causeMs), random));
  for (const i of followers) {
    const delayMs = DELAY_MEDIAN_MS * Math.exp(DELAY_SPREAD * normal(random));
    changes.set(i, changeAt(slotOf(causeMs) + Math.max(1, Math.round(delayMs / stepMs)), random));
  }
  const lead = Math.round(leadMs / stepMs);
  const slots = Math.round(windowMs / stepMs);
  const unrelated: number[] = [];
  const series = all.map((i) => {
    const own = seededRandom(mixSeed(seed, 23, i, 0));
    const ofDays = Array.from({ length: days + 1 }, (_, d) => {
      const happens = own() < options.unrelatedShare;
      const place = Math.floor(own() * (slots - 5));
      const incident = changeAt(place, own);
      const inCascade = d > 0 && d <= earlierCascades && (i === cause || usual.includes(i));
      if (inCascade) return changeAt(Math.floor(slots * 0.25 + own() * 10), own);
      if (d === 0 && changes.has(i)) return changes.get(i);
      if (d === 0 && happens) {
        unrelated.push(i);
        changes.set(i, incident);
      }
      return happens ? incident : undefined;
    });
    const stretch = cascadeStretch(kinds[i], seededRandom(mixSeed(seed, 24, i, 0)));
    const daysBefore = ofDays.map((change, d) =>
      stretch({ startMs: window.startMs - leadMs - d * DAY_MS, stepMs, lead, length: lead + slots, change }),
    );
    const { machine, aggregator } = labels[i];
    return { name: `${machine}.${aggregator}`, labels: labels[i], stepMs, days: daysBefore };
  });
  const stayed = usual.slice(options.followers);
  return { series, kinds, window, leadMs, cause, followers, unrelated, changes, stayed };
}

function kindAt(uniform: number): CascadeKind {
  let left = uniform * 100;
  for (const [kind, share] of MIX) {
    left -= share;
    if (left < 0) return kind;
  }
  return "seasonal";
}

function labelsOf(i: number): { machine: string; aggregator: string; service: string } {
  const machine = Math.floor(i / SERIES_A_MACHINE);
  return {
    machine: `n${200 + machine}-primary-example-com`,
    aggregator: `metric_${i % SERIES_A_MACHINE}`,
    service: `service-${Math.floor(machine / MACHINES_A_SERVICE)}`,
  };
}

/** Distinct series other than the cause, most of them of its service, in random order. */
function pick(cause: number, labels: readonly { service: string }[], count: number, random: () => number): number[] {
  const near = labels.flatMap(({ service }, i) => (service === labels[cause].service && i !== cause ? [i] : []));
  const picked = new Set<number>();
  const wantedNear = Math.min(near.length, Math.round(count * SAME_SERVICE));
  while (picked.size < wantedNear) picked.add(near[Math.floor(random() * near.length)]);
  while (picked.size < Math.min(count, labels.length - 1)) {
    const i = Math.floor(random() * labels.length);
    if (i !== cause) picked.add(i);
  }
  return [...picked]
    .map((i) => ({ i, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ i }) => i);
}

const LEAST_SPREADS = 5;
const MOST_SPREADS = 12;
/** Of changes: sudden to stay, within five minutes, for a quarter of an hour to an hour only, and a silence. */
const SUDDEN = 0.5;
const RAMP = 0.8;
const PULSE = 0.95;
const DOWN_SHARE = 0.3;

function changeAt(slot: number, random: () => number): CascadeChange {
  const [form, size, length, down] = [random(), random(), random(), random()];
  return {
    slot,
    form: form < SUDDEN ? "sudden" : form < RAMP ? "ramp" : form < PULSE ? "pulse" : "silence",
    spreads: (LEAST_SPREADS + size * (MOST_SPREADS - LEAST_SPREADS)) * (down < DOWN_SHARE ? -1 : 1),
    slots: 15 + Math.floor(45 * length),
  };
}
