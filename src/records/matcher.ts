import { InputError } from "../errors/errors.js";
import type { Labels } from "../series/series.js";

/**
 * One condition on a series or a record: `machine=n2*`, `severity!=low`, `path=~/api/.+`, `dc!~eu|us`. `=` and `!=` take `*` and `?`;
 * `=~` and `!~` take a regular expression that must match the whole value, as in Prometheus. What is missing is the empty text.
 */
export interface Matcher {
  readonly name: string;
  readonly holds: (value: string) => boolean;
}

/** What can be matched: the series, and what a record says of it. */
export interface Matched {
  readonly labels: Labels;
  readonly machine?: string;
  readonly aggregator?: string;
  readonly series?: string;
  readonly job?: string | null;
  readonly kind?: string;
  readonly severity?: string;
  readonly status?: string;
  readonly direction?: string;
  readonly detector?: string;
}

/** Fields of a record that go before labels of the same name; `labels.job=` is always the label. */
const FIELDS = [
  "machine",
  "aggregator",
  "series",
  "job",
  "kind",
  "severity",
  "status",
  "direction",
  "detector",
] as const;
const LONGEST_TEXT = 1000;

/** @throws InputError naming the text and what it needs. */
export function parseMatcher(text: string): Matcher {
  const [, name, operator, given] = /^\s*([A-Za-z_][\w.-]*)\s*(=~|!~|!=|=)\s*([\s\S]*?)\s*$/.exec(text) ?? [];
  if (name === undefined || text.length > LONGEST_TEXT) {
    throw new InputError(
      "matcher",
      `${shown(text)} is no matcher; write label and value, such as machine=n2* or severity!=low`,
    );
  }
  const value = /^"([\s\S]*)"$/.exec(given)?.[1] ?? given;
  const test = operator.endsWith("~") ? wholeMatch(value, text) : (tried: string) => matchesGlob(value, tried);
  return { name, holds: operator.startsWith("!") ? (tried) => !test(tried) : test };
}

export function parseMatchers(texts: readonly string[]): readonly Matcher[] {
  return texts.map(parseMatcher);
}

/** Whether all of them hold; of no matchers, none fails. */
export function matchesAll(matchers: readonly Matcher[], matched: Matched): boolean {
  return matchers.every(({ name, holds }) => holds(fieldOf(matched, name)));
}

function fieldOf(matched: Matched, name: string): string {
  const field = FIELDS.find((one) => one === name);
  const own = field === undefined ? undefined : matched[field];
  if (own !== undefined && own !== null) return own;
  return matched.labels[name.replace(/^labels\./, "")] ?? "";
}

function wholeMatch(source: string, text: string): (tried: string) => boolean {
  try {
    const pattern = new RegExp(`^(?:${source})$`, "su");
    return (tried) => pattern.test(tried);
  } catch (cause) {
    throw new InputError(
      "matcher",
      `${shown(text)} holds no regular expression; for a plain value use = with * and ?`,
      { cause },
    );
  }
}

/** `*` is any text, `?` any character, `\` takes the next one as it is. Takes no longer than the product of the lengths. */
export function matchesGlob(glob: string, text: string): boolean {
  const parts = [...glob.matchAll(/\\([\s\S])|[\s\S]/gu)].map(([one, escaped]) =>
    escaped === undefined ? one : `\\${escaped}`,
  );
  const characters = [...text];
  let at = 0;
  let part = 0;
  // Where the newest star stands, and up to where it has taken the text so far.
  let star = -1;
  let taken = 0;
  while (at < characters.length) {
    if (parts[part] === "*") {
      star = part++;
      taken = at;
    } else if (part < parts.length && (parts[part] === "?" || plain(parts[part]) === characters[at])) {
      part++;
      at++;
    } else if (star >= 0) {
      part = star + 1;
      at = ++taken;
    } else return false;
  }
  while (parts[part] === "*") part++;
  return part === parts.length;
}

const plain = (part: string) => (part.length > 1 && part.startsWith("\\") ? part.slice(1) : part);
const shown = (text: string) => JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);

/** A value as a glob that matches it alone. */
export function literalGlob(value: string): string {
  return value.replace(/[\\*?]/g, "\\$&");
}
