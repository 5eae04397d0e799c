import { seededRandom } from "../../math/random.js";

/**
 * Draws members of groups, as many of each as is its share of all, and at least one of each that is not empty; by index, rising.
 * The same seed draws the same.
 *
 * @example stratified(["a", "a", "a", "b"], 2, 1) // one of the first three, and 3
 */
export function stratified(groups: readonly string[], count: number, seed: number): readonly number[] {
  if (count >= groups.length) return groups.map((_, i) => i);
  const members = new Map<string, number[]>();
  groups.forEach((group, i) => {
    members.set(group, [...(members.get(group) ?? []), i]);
  });
  const random = seededRandom(seed);
  return [...members]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, own]) => {
      const wanted = Math.max(1, Math.round((count * own.length) / groups.length));
      return shuffled(own, random).slice(0, wanted);
    })
    .sort((a, b) => a - b);
}

/** Fisher and Yates. */
function shuffled(items: readonly number[], random: () => number): number[] {
  const mixed = [...items];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [mixed[i], mixed[j]] = [mixed[j], mixed[i]];
  }
  return mixed;
}
