import type { Beginning, FirstChance } from "./first-mover.js";
import { prepare, windowOf } from "./prepare.js";
import { onsetChances } from "./shift-scan.js";
import type { Frame, Stretches } from "./stretches.js";
import type { Watched } from "./watch-series.js";

/** A series that changed. */
export interface Mover {
  /** Its place among the series that were given. */
  readonly index: number;
  readonly direction: "up" | "down" | "silent";
  /** When it began, and between which moments with a chance of 80 %. */
  readonly onsetMs: number;
  readonly onsetFromMs: number;
  readonly onsetUntilMs: number;
  /** Null: it lasts to the end of the window. */
  readonly endMs: number | null;
  /** Mean of what was there and of what was expected, from onset to end; null for a silence. A counter's is the increase a slot. */
  readonly observed: number | null;
  readonly expected: number | null;
  readonly isCounter: boolean;
  /** How unusual it is for the series: the moderated t statistic against its earlier days; null for a silence. */
  readonly score: number | null;
  /** Chance of the like without any change, 0–1. */
  readonly chance: number;
  /** Share of the list up to here that is expected to be there by chance. */
  readonly falseShare: number;
  /** Chance to belong to what moved together, to have been its first, and to have been one of its first two. */
  readonly together: number;
  readonly first: number;
  readonly firstTwo: number;
}

/** What is known of a series that is listed. */
interface Listed {
  readonly index: number;
  readonly isSilent: boolean;
  readonly score: number | null;
  readonly chance: number;
  readonly falseShare: number;
}

/** A series that was found, and when its change may have begun, whatever it belongs to. */
export interface Found {
  readonly mover: Omit<Mover, "together" | keyof FirstChance>;
  readonly beginning: Beginning;
}

const EARLY = 0.1;
const LATE = 0.9;

/** A series that was found, with when it began; looked at once more for what was not kept. */
export function moverOf(series: Stretches, frame: Frame, watched: Watched, found: Listed): Found {
  const prepared = prepare(series, frame)!;
  const { lead, stepMs, noise, days, values, expected } = prepared;
  const slots = days[0].length - lead;
  const startMs = frame.window.endMs - slots * stepMs;
  const { from, until } = found.isSilent ? watched.silence : watched.shift;
  const chances = found.isSilent
    ? certain(from, slots)
    : onsetChances(windowOf(days[0], prepared), noise.memory, watched.shift);
  const at = (slot: number) => startMs + slot * stepMs;
  const onset = likeliest(chances);
  const mover: Found["mover"] = {
    index: found.index,
    direction: found.isSilent ? "silent" : watched.shift.direction > 0 ? "up" : "down",
    onsetMs: at(onset),
    onsetFromMs: at(reaching(chances, EARLY)),
    onsetUntilMs: at(reaching(chances, LATE) + 1),
    endMs: until < slots ? at(until) : null,
    observed: found.isSilent ? null : meanOf(values.subarray(lead + onset, lead + until)),
    expected: found.isSilent ? null : meanOf(expected.subarray(lead + onset, lead + until)),
    isCounter: prepared.isCounter,
    score: found.score,
    chance: found.chance,
    falseShare: found.falseShare,
  };
  return { mover, beginning: { stepMs, startMs, chances } };
}

function certain(slot: number, slots: number): Float64Array {
  const out = new Float64Array(slots);
  out[slot] = 1;
  return out;
}

function likeliest(chances: Float64Array): number {
  let best = 0;
  for (let i = 1; i < chances.length; i++) if (chances[i] > chances[best]) best = i;
  return best;
}

function reaching(chances: Float64Array, share: number): number {
  let sum = 0;
  for (let i = 0; i < chances.length; i++) {
    sum += chances[i];
    if (sum >= share) return i;
  }
  return chances.length - 1;
}

function meanOf(values: Float64Array): number | null {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (value !== value) continue;
    sum += value;
    count++;
  }
  return count === 0 ? null : sum / count;
}
