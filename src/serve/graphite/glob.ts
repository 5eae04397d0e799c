import { Refusal } from "../http/guard.js";

/** Texts that the braces of one node may stand for, and those of them that still have wildcards. */
const MOST_TEXTS = 10_000;
const MOST_PATTERNS = 100;

/**
 * The distinct texts that one node of a Graphite pattern matches: `*`, `?`, `[a-z]`, `{a,b}`. Without regular expressions, because those
 * could take for ever on a pattern from outside; this takes at most the length of the pattern times that of the text.
 *
 * @throws Refusal (400) for braces that stand for too much.
 */
export function matchingGlob(glob: string, texts: Iterable<string>): ReadonlySet<string> {
  const all = alternatives(glob);
  const literal = new Set(all.filter((one) => !WILD.test(one)));
  const patterns = all.filter((one) => WILD.test(one)).map(partsOf);
  if (patterns.length > MOST_PATTERNS) throw tooMany(glob, MOST_PATTERNS);
  const found = new Set<string>();
  for (const text of new Set(texts)) {
    if (literal.has(text) || patterns.some((parts) => matches(parts, text))) found.add(text);
  }
  return found;
}

const WILD = /[*?[]/;

/** What braces stand for, the innermost taken apart first. */
function alternatives(glob: string): readonly string[] {
  let open = [glob];
  const done: string[] = [];
  while (open.length > 0) {
    const next: string[] = [];
    for (const one of open) {
      const [, before, list, after] = /^([\s\S]*?)\{([^{}]*)\}([\s\S]*)$/.exec(one) ?? [];
      if (list === undefined) done.push(one);
      else for (const choice of list.split(",")) next.push(before + choice + after);
      if (next.length + done.length > MOST_TEXTS) throw tooMany(glob, MOST_TEXTS);
    }
    open = next;
  }
  return done;
}

/** A character of a pattern: any number of any, or one that the test holds for. */
type Part = "any" | ((character: string) => boolean);

function partsOf(pattern: string): readonly Part[] {
  const parts: Part[] = [];
  for (const [one, inBrackets] of pattern.matchAll(/\[([^\]]+)\]|\*+|[\s\S]/gu)) {
    if (one.startsWith("*")) parts.push("any");
    else if (inBrackets !== undefined) parts.push(characterClass(inBrackets));
    else if (one === "?") parts.push(() => true);
    else parts.push((character) => character === one);
  }
  return parts;
}

function characterClass(inside: string): (character: string) => boolean {
  const isNot = inside.startsWith("!");
  const members = [...inside.slice(isNot ? 1 : 0).matchAll(/([\s\S])-([\s\S])|[\s\S]/gu)];
  return (character) =>
    isNot !==
    members.some(([one, from, to]) => (from === undefined ? character === one : character >= from && character <= to));
}

/** Where something after a star does not fit, only that star has to take one character more: an earlier one never has to. */
function matches(parts: readonly Part[], text: string): boolean {
  const characters = [...text];
  let part = 0;
  let at = 0;
  let star = -1;
  let starAt = 0;
  while (at < characters.length) {
    const own = parts[part];
    if (own === "any") {
      star = part++;
      starAt = at;
    } else if (own?.(characters[at])) {
      part++;
      at++;
    } else if (star >= 0) {
      part = star + 1;
      at = ++starAt;
    } else return false;
  }
  while (parts[part] === "any") part++;
  return part === parts.length;
}

function tooMany(glob: string, most: number): Refusal {
  return new Refusal(400, "bad_data", `the braces in "${glob.slice(0, 100)}" stand for more than ${most} patterns`);
}
