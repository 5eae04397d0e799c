/** This many steps of a regular expression are a few milliseconds. */
const FEW_STEPS = 2e6;
const LONGEST = 1000;

/**
 * Whether a regular expression is so simple that it ends soon on these texts, whatever they are. It then needs no limit on its time, and a busy
 * machine cannot be mistaken for a slow pattern.
 *
 * With at most one repetition there are as many ways to go wrong as a text has characters, from each of them. Alternatives multiply
 * those where groups follow each other or repeat, so they count as simple outside of groups, or in the only group without repetitions:
 * `web.*`, `a|b.*`, `(a|b)`, `(^.*$)`. Escaped characters count as well, which is only too careful.
 */
export function isQuick(pattern: string, texts: readonly string[]): boolean {
  const count = (characters: RegExp) => pattern.match(characters)?.length ?? 0;
  const [repetitions, groups, alternatives] = [count(/[*+?{]/g), count(/\(/g), count(/\|/g)];
  const isSimple = alternatives === 0 || groups === 0 || (groups === 1 && repetitions === 0);
  if (repetitions > 1 || !isSimple || pattern.length > LONGEST) return false;
  return texts.reduce((sum, { length }) => sum + length ** 2, 0) <= FEW_STEPS;
}
