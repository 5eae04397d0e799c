import { createContext, Script } from "node:vm";
import { breathe } from "../../threads/breathe.js";
import { Refusal } from "../http/guard.js";
import { isQuick } from "../promql/quick-pattern.js";

/** A pattern that is still at it after this long would keep everyone else waiting. */
const LONGEST_MS = 40;
/** On a busy machine 40 ms may pass without a turn; a pattern that takes for ever uses up all tries. */
const MOST_TRIES = 3;
/** Of a name that aliasSub has made; each could make it many times as long. */
const LONGEST_NAME = 4096;

/**
 * Names under Python's `re.sub(search, replacement, name)`, as aliasSub uses it: `\1` and `\g<name>` are groups.
 *
 * @throws Refusal for a pattern that is none or takes too long, and for names that would be too long.
 */
export async function substituted(
  names: readonly string[],
  search: string,
  replacement: string,
): Promise<readonly string[]> {
  const expression = compiled(search);
  const parts = partsOf(replacement, search, expression);
  const changed = await replaced({ expression, names: [...names], parts, LONGEST_NAME }, search);
  return changed.map((name) => {
    if (name === null) throw bad(`aliasSub would make a name of more than ${LONGEST_NAME} characters`);
    return name;
  });
}

/** Text as it is, or the group of what was found. */
type Part = { readonly text: string } | { readonly group: string };

function partsOf(replacement: string, search: string, expression: RegExp): readonly Part[] {
  const groups = new RegExp(`${expression.source}|`).exec("") as RegExpExecArray;
  return [...replacement.matchAll(/\\(\d{1,2})|\\g<(\w+)>|\\([\s\S])|([^\\]+|\\$)/g)].map(
    ([, number, name, escaped, text]) => {
      const group = number ?? name;
      if (group === undefined) return { text: text ?? ESCAPES[escaped] ?? escaped };
      const isThere = /^\d+$/.test(group) ? Number(group) < groups.length : Object.hasOwn(groups.groups ?? {}, group);
      if (isThere) return { group };
      throw bad(`the replacement "${replacement}" names the group ${group}, which "${search}" does not have`);
    },
  );
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t" };

const REPLACE = new Script(`names.map((name) => {
  let length = 0;
  let isTooLong = false;
  const changed = name.replace(expression, (...found) => {
    if (isTooLong) return "";
    const named = typeof found[found.length - 1] === "object" ? found.pop() : {};
    let text = "";
    for (const part of parts) {
      text += part.text ?? found[part.group] ?? named[part.group] ?? "";
    }
    length += text.length;
    isTooLong = length > LONGEST_NAME;
    return text;
  });
  return isTooLong || changed.length > LONGEST_NAME ? null : changed;
})`);

/** Patterns come from outside and could take for ever; in a context of their own they are ended in time. */
async function replaced(
  given: { readonly names: readonly string[] } & Record<string, unknown>,
  search: string,
): Promise<readonly (string | null)[]> {
  if (isQuick(search, given.names)) return REPLACE.runInContext(createContext({ ...given }));
  for (let tries = 1; ; tries++) {
    try {
      return REPLACE.runInContext(createContext({ ...given }), { timeout: LONGEST_MS });
    } catch {
      if (tries < MOST_TRIES) {
        await breathe();
        continue;
      }
      throw new Refusal(422, "execution", `the pattern "${search}" takes too long on these names; write it simpler`);
    }
  }
}

/** Python's names of groups are written in another way. */
function compiled(search: string): RegExp {
  try {
    return new RegExp(search.replaceAll("(?P<", "(?<").replace(/\(\?P=(\w+)\)/g, "\\k<$1>"), "g");
  } catch {
    throw bad(`"${search}" is not a regular expression that is understood here`);
  }
}

function bad(message: string): Refusal {
  return new Refusal(400, "bad_data", message);
}
