/** Base units of formatted cells, as bits, so that those of a series are one number. */
export const UNIT_BITS = { percent: 1, seconds: 2, bytes: 4, "bytes/s": 8 } as const;
type BaseUnit = keyof typeof UNIT_BITS;

/** The names of the bits of `units`. */
export const unitNames = (units: number) =>
  (Object.keys(UNIT_BITS) as BaseUnit[]).filter((name) => (units & UNIT_BITS[name]) !== 0);

/** What a cell's unit makes of its number: `number · 10^exponent · times`, in `base`; without base the number of a short form. */
export interface CellUnit {
  readonly base?: BaseUnit;
  readonly exponent: number;
  readonly times: number;
}

const decimal = (exponent: number, base?: BaseUnit): CellUnit => ({ base, exponent, times: 1 });
const times = (factor: number, base: BaseUnit): CellUnit => ({ base, exponent: 0, times: factor });

/**
 * Units that mean one thing, as Grafana writes them. Not among them: `m` (minutes, metres, thousandths), `KB` (1,000 or 1,024),
 * `B` of billions, `h` beside `H`.
 */
const UNITS = new Map<string, CellUnit>([
  ["%", decimal(0, "percent")],
  ["ns", decimal(-9, "seconds")],
  ["µs", decimal(-6, "seconds")],
  ["μs", decimal(-6, "seconds")],
  ["us", decimal(-6, "seconds")],
  ["ms", decimal(-3, "seconds")],
  ["s", decimal(0, "seconds")],
  ["min", times(60, "seconds")],
  ["mins", times(60, "seconds")],
  ["hour", times(3600, "seconds")],
  ["hours", times(3600, "seconds")],
  ["day", times(86_400, "seconds")],
  ["days", times(86_400, "seconds")],
  ["K", decimal(3)],
  ["k", decimal(3)],
  ["Mil", decimal(6)],
  ["Bil", decimal(9)],
  ["Tri", decimal(12)],
  ...(["bytes", "bytes/s"] as const).flatMap((base): [string, CellUnit][] => {
    const rate = base === "bytes" ? "" : "/s";
    return [
      [`B${rate}`, decimal(0, base)],
      ...["kB", "MB", "GB", "TB", "PB"].map((unit, i): [string, CellUnit] => [unit + rate, decimal(3 * (i + 1), base)]),
      ...["KiB", "MiB", "GiB", "TiB", "PiB"].map((unit, i): [string, CellUnit] => [
        unit + rate,
        times(1024 ** (i + 1), base),
      ]),
    ];
  }),
]);

export const cellUnit = (text: string): CellUnit | undefined => UNITS.get(text);

/** A plain decimal number in a unit, in its base unit, rounded once. */
export function inBaseUnit(text: string, { exponent, times: factor }: CellUnit): number {
  const [mantissa, ownExponent = "0"] = text.toLowerCase().split("e");
  return Number(`${mantissa}e${Number(ownExponent) + exponent}`) * factor;
}
