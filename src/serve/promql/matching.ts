import { createContext, Script } from "node:vm";
import { Refusal } from "../http/guard.js";
import type { Matcher } from "./parse.js";
import { isQuick } from "./quick-pattern.js";

export type LabelSet = ReadonlyMap<string, string>;

/** A pattern that is still at it after this long would keep everyone else waiting. */
const LONGEST_MS = 40;
/** On a busy machine 40 ms may pass without a turn; a pattern that takes for ever uses up all tries. */
const MOST_TRIES = 3;

/**
 * The sets that all matchers hold for. A label that is not there is an empty one, and a pattern must match the whole value, as in
 * PromQL. Patterns come from outside and could take for ever; they are ended in time.
 *
 * @throws Refusal (400) for a pattern that is none, 422 for one that takes too long.
 */
export function matching<T extends { readonly labels: LabelSet }>(
  all: readonly T[],
  matchers: readonly Matcher[],
): readonly T[] {
  let left = all;
  for (const matcher of matchers) {
    const values = left.map(({ labels }) => labels.get(matcher.label) ?? "");
    const isEqual = matcher.op === "=" || matcher.op === "!=";
    const holds = isEqual ? (own: string) => own === matcher.value : matched(values, matcher);
    const wanted = matcher.op === "=" || matcher.op === "=~";
    left = left.filter((_, i) => holds(values[i]) === wanted);
  }
  return left;
}

/** Each distinct value is looked at once, in a context that can be interrupted. */
function matched(values: readonly string[], { value: pattern }: Matcher): (value: string) => boolean {
  const expression = patternOf(pattern);
  const distinct = [...new Set(values)];
  const limit = isQuick(pattern, distinct) ? {} : { timeout: LONGEST_MS };
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    try {
      const found = SCRIPT.runInContext(createContext({ expression, values: distinct }), limit);
      const holding = new Set<string>(found);
      return (own) => holding.has(own);
    } catch {
      // It took too long.
    }
  }
  throw new Refusal(
    422,
    "execution",
    `the regular expression "${pattern}" takes too long on these labels; write it simpler`,
  );
}

/** Prometheus's patterns are RE2's: flags may stand in front, and a dot is any character. */
function patternOf(pattern: string): RegExp {
  const [, flags = "", body = pattern] = /^\(\?([is]+)\)([\s\S]*)$/.exec(pattern) ?? [];
  const used = flags.includes("i") ? "is" : "s";
  for (const unicode of ["u", ""]) {
    try {
      return new RegExp(`^(?:${body})$`, used + unicode);
    } catch {
      // With the flag u some escapes that RE2 takes are refused.
    }
  }
  throw new Refusal(400, "bad_data", `"${pattern}" is not a regular expression`);
}

const SCRIPT = new Script("values.filter((value) => expression.test(value))");
