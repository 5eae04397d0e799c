import { normal } from "../math/random.js";
import { dailyShape } from "./daily-shape.js";

/** Kinds of series that a cascade goes through. */
export type CascadeKind = "seasonal" | "counter" | "sparse" | "gaps" | "spiky" | "wander" | "constant";

/** What happens to a series. Slots count from the begin of the window. */
export interface CascadeChange {
  readonly slot: number;
  readonly form: "sudden" | "ramp" | "pulse" | "silence";
  /** Size in standard deviations of the series' own noise; below 0 it falls. */
  readonly spreads: number;
  /** How long a pulse lasts. */
  readonly slots: number;
}

interface StretchPlan {
  readonly startMs: number;
  readonly stepMs: number;
  /** Slots before the window, and of all. */
  readonly lead: number;
  readonly length: number;
  readonly change: CascadeChange | undefined;
}

const RAMP_SLOTS = 5;
/** A spiky series: one slot in 100 is wild. */
const SPIKE_CHANCE = 0.01;
const SPIKE_SPREADS = 15;
/** Events of a sparse series a slot, and how many more there are of a change of one spread. */
const EVENT_CHANCE = 0.02;
/** A stretch of a day differs from those of others by this many spreads: days are not alike. */
const DAY_SPREAD = 0.7;

/**
 * The stretches of one series, one a call; level, noise and season are the series' own and stay. Each stretch begins from the
 * noise's stationary distribution.
 */
export function cascadeStretch(kind: CascadeKind, random: () => number): (plan: StretchPlan) => Float64Array {
  const level = Math.exp(2 + 2 * normal(random));
  const spread = level * (0.02 + 0.1 * random());
  const season = level * 0.5 * random();
  const phaseHours = 24 * random();
  const memory = kind === "wander" ? 0.98 : kind === "counter" || kind === "sparse" ? 0 : 0.9 * random();
  const gapShare = kind === "gaps" ? 0.02 + 0.15 * random() : 0.002;
  return ({ startMs, stepMs, lead, length, change }) => {
    const out = new Float64Array(length);
    const ofDay = DAY_SPREAD * spread * normal(random);
    let noise = normal(random);
    let total = Math.floor(1e6 * random());
    let gapLeft = 0;
    for (let i = 0; i < length; i++) {
      const size = sizeAt(change, i - lead);
      noise = memory * noise + Math.sqrt(1 - memory * memory) * normal(random);
      const wild = random();
      const gap = random();
      if (gapLeft > 0) gapLeft--;
      else if (gap < gapShare / 2) gapLeft = 1 + Math.floor(3 * random());
      const usual = level + season * dailyShape(startMs + i * stepMs, phaseHours) + ofDay;
      if (kind === "constant") out[i] = Math.round(level) + Math.round(size);
      else if (kind === "sparse") {
        const chance = Math.min(0.9, EVENT_CHANCE * (1 + Math.max(0, Math.abs(size)) * 2));
        out[i] = wild < chance ? 1 + Math.floor(3 * random()) : 0;
      } else {
        const spike = kind === "spiky" && wild < SPIKE_CHANCE ? SPIKE_SPREADS * random() : 0;
        const value = usual + spread * (noise + size + spike);
        if (kind === "counter") total += Math.max(0, Math.round(value * 100));
        out[i] = kind === "counter" ? total : value;
      }
      if (gapLeft > 0 || isSilent(change, i - lead)) out[i] = Number.NaN;
    }
    return out;
  };
}

function isSilent(change: CascadeChange | undefined, slot: number): boolean {
  return change?.form === "silence" && slot >= change.slot;
}

function sizeAt(change: CascadeChange | undefined, slot: number): number {
  if (change === undefined || slot < change.slot) return 0;
  switch (change.form) {
    case "sudden":
      return change.spreads;
    case "ramp":
      return change.spreads * Math.min(1, (slot - change.slot + 1) / RAMP_SLOTS);
    case "pulse":
      return slot < change.slot + change.slots ? change.spreads : 0;
    case "silence":
      return 0;
  }
}
