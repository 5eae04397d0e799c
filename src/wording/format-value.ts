/** How a unit is shown: its steps, largest first, as divisor and suffix. */
type Steps = readonly (readonly [number, string])[];

const PLAIN: Steps = [
  [1e12, " T"],
  [1e9, " G"],
  [1e6, " M"],
  // Below ten thousand a number is read faster than its prefix.
  [1e4, " k"],
  [0, ""],
];
const BYTES: Steps = [
  [1e12, " TB"],
  [1e9, " GB"],
  [1e6, " MB"],
  [1e3, " kB"],
  [0, " B"],
];
const SECONDS: Steps = [
  [172_800, " d"],
  [7200, " h"],
  [120, " min"],
  [1, " s"],
  [0, " ms"],
];
/** Milliseconds are seconds as soon as there are enough of them. */
const MILLISECONDS: Steps = [
  [172_800_000, " d"],
  [7_200_000, " h"],
  [120_000, " min"],
  [1000, " s"],
  [0, " ms"],
];
const MILLISECOND_DIVISOR_OF: Readonly<Record<string, number>> = {
  " d": 86_400_000,
  " h": 3_600_000,
  " min": 60_000,
  " s": 1000,
  " ms": 1,
};
const DIVISOR_OF: Readonly<Record<string, number>> = {
  " k": 1e3,
  " d": 86_400,
  " h": 3600,
  " min": 60,
  " ms": 1e-3,
  "": 1,
  " B": 1,
};

/** More digits than this are noise, and wider than their column. */
const MAX_DECIMALS = 6;

function stepsOf(unit: string | null | undefined): Steps {
  if (unit === "bytes") return BYTES;
  if (unit === "seconds") return SECONDS;
  if (unit === "milliseconds") return MILLISECONDS;
  if (unit === "percent") return [[0, " %"]];
  return PLAIN;
}

/** The divisor and suffix that suit a magnitude. */
function scaleFor(magnitude: number, unit: string | null | undefined): { divisor: number; suffix: string } {
  const steps = stepsOf(unit);
  // Zero seconds are "0 s", not "0 ms".
  const size = magnitude === 0 && unit === "seconds" ? 1 : magnitude;
  const [least, suffix] = steps.find(([from]) => size >= from) ?? steps[steps.length - 1];
  if (unit === "milliseconds") return { divisor: MILLISECOND_DIVISOR_OF[suffix], suffix };
  return { divisor: suffix === " %" ? 1 : (DIVISOR_OF[suffix] ?? least), suffix };
}

/** Three significant digits, more where the resolution asks for them; exponents only where zeros would fill the cell. */
function fewDigits(value: number, resolution: number): string {
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size < 1e-5 || size >= 1e7) return value.toExponential(2).replace(/\.?0*e\+?/, "e");
  const finer = resolution > 0 ? Math.ceil(-Math.log10(resolution) - 1e-9) : 0;
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(size)), Math.min(finer, MAX_DECIMALS));
  // A whole number has no digits behind the point; all others have as many as their neighbours in a column.
  return value.toFixed(decimals).replace(/\.0+$/, "");
}

/**
 * A value with three significant digits and its unit, for people; null is a dash.
 *
 * @param unit `percent`, `bytes`, `seconds`, `milliseconds`; a ratio and everything else stand as they are
 * @param resolution the difference that must still be seen: among 1000.2 and 1001.7 three digits are not enough
 * @example formatValue(0.101341, "ratio") // "0.101"
 * @example formatValue(95_000, "seconds") // "26.4 h"
 */
export function formatValue(value: number | null, unit: string | null | undefined, resolution = 0): string {
  if (value === null || !Number.isFinite(value)) return "–";
  const { divisor, suffix } = scaleFor(Math.abs(value), unit);
  return withMinus(fewDigits(value / divisor, resolution / divisor)) + suffix;
}

export interface ValueTicks {
  readonly values: readonly number[];
  readonly labels: readonly string[];
}

/**
 * Round numbers (1, 2 or 5 times a power of ten in the unit shown) inside `[low, high]`, all with the same unit and digits.
 *
 * @param count about how many
 */
export function valueTicks(low: number, high: number, count: number, unit: string | null | undefined): ValueTicks {
  const { divisor, suffix } = scaleFor(Math.max(Math.abs(low), Math.abs(high)), unit);
  const rough = (high - low) / divisor / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((one) => one * power >= rough * 0.999) ?? 10;
  const step = factor * power;
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const first = Math.ceil(low / divisor / step - 1e-9);
  const last = Math.floor(high / divisor / step + 1e-9);
  const values: number[] = [];
  const labels: string[] = [];
  for (let i = first; i <= last; i++) {
    const shown = i * step;
    values.push(Number((shown * divisor).toPrecision(12)));
    const digits = decimals > 7 ? shown.toExponential(1) : shown.toFixed(decimals);
    labels.push(shown === 0 ? `0${suffix}` : withMinus(digits) + suffix);
  }
  return { values, labels };
}

/** A true minus sign is as wide as a plus and is not taken for a dash. */
function withMinus(text: string): string {
  return text.replace(/^-/, "−");
}
