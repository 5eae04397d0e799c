import { TOGETHER } from "../../around/around.js";
import type { Group } from "../../around/groups.js";
import type { Mover } from "../../around/mover.js";
import type { Stayed } from "../../around/stayed.js";
import { count, thousands } from "../../wording/count.js";
import { formatValue } from "../../wording/format-value.js";

/** `42 ms instead of 12 ms`, `2.1 k a slot instead of 340`, `no values`. */
export function changeWords(
  { direction, observed, expected, isCounter }: Pick<Mover, "direction" | "observed" | "expected" | "isCounter">,
  unit: string | undefined,
): string {
  if (direction === "silent") return "no values";
  const value = (number: number | null) => (number === null ? "–" : formatValue(number, unit ?? null));
  return `${value(observed)}${isCounter ? " a slot" : ""} instead of ${value(expected)}`;
}

/** The highest figure that is said: a chance beyond it is a guess of the tail. */
const MOST_SAID = 1_000_000;

/** `1 in 5,200`: in how many ordinary windows the like is found in the series once. */
export function rarityWords(chance: number): string {
  const windows = Math.round(1 / Math.max(chance, 1 / (10 * MOST_SAID)));
  return windows > MOST_SAID ? `rarer than 1 in ${thousands(MOST_SAID)}` : `1 in ${thousands(windows)}`;
}

/** `all 12 with aggregator=probe_counts`, `135 of 500 with service=web`. */
export function groupWords({ label, value, moved, all }: Group): string {
  return moved === all
    ? `all ${thousands(all)} with ${label}=${value}`
    : `${thousands(moved)} of ${thousands(all)} with ${label}=${value}`;
}

/** `moved 4 of the 5 times that the others did`. */
export function stayedWords({ moved, times }: Pick<Stayed, "moved" | "times">): string {
  return `moved ${moved} of the ${times} times that the others moved together`;
}

/** Two are a coincidence. */
const LEAST_TOGETHER = 3;

/** `214 of 10,000 series changed, 197 of them together; 28 do on an ordinary day`. */
export function sumWords(movers: readonly Mover[], compared: number, usualChanges: number): string {
  const together = movers.filter((mover) => mover.together >= TOGETHER).length;
  const usual = Math.round(usualChanges);
  return (
    `${thousands(movers.length)} of ${count(compared, "series", "series")} changed` +
    (together >= LEAST_TOGETHER ? `, ${thousands(together)} of them together` : "") +
    `; in as long a time ${usual === 0 ? "none does" : `${thousands(usual)} do`} on an ordinary day`
  );
}
