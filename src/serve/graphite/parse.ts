import { Refusal } from "../http/guard.js";

/** A target of Graphite as a tree. `from` and `to` are where it is in the text, so that a part can be passed on as it was written. */
export type Target = { readonly from: number; readonly to: number } & (
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Target[] }
  /** A path, which may have globs. */
  | { readonly kind: "path"; readonly pattern: string }
  /** Without its quotes; backslashes stay, as in Graphite. */
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "number"; readonly value: number }
);

/** Longer and deeper than anyone writes. */
const LONGEST = 20_000;
const DEEPEST = 32;

/** A name or path: braces and brackets hold commas of their own. */
const WORD = /(?:\{[^{}]*\}|\[[^[\]]*\]|[^\s(){}[\],"'])+/y;
const QUOTED = /"((?:\\[\s\S]|[^"\\])*)"|'((?:\\[\s\S]|[^'\\])*)'/y;
const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;

/**
 * Reads a target: paths, calls, strings and numbers.
 *
 * @throws Refusal (400) with the character at which it is none.
 */
export function parseTarget(text: string): Target {
  if (text.length > LONGEST) throw bad(`the target has ${text.length} characters; up to ${LONGEST} are read`);
  const reader = { text, at: 0 };
  const target = read(reader, 0);
  skipSpace(reader);
  if (reader.at < text.length) throw unexpected(reader);
  return target;
}

interface Reader {
  readonly text: string;
  at: number;
}

function read(reader: Reader, depth: number): Target {
  if (depth > DEEPEST) throw bad(`the target has calls more than ${DEEPEST} deep`);
  skipSpace(reader);
  const from = reader.at;
  const quoted = take(reader, QUOTED);
  if (quoted !== null) return { kind: "string", value: quoted[1] ?? quoted[2], from, to: reader.at };
  const word = take(reader, WORD)?.[0];
  if (word === undefined) throw unexpected(reader);
  if (word.endsWith("=")) {
    // A named argument with a text; only what is passed on has such.
    take(reader, QUOTED);
    return { kind: "path", pattern: reader.text.slice(from, reader.at), from, to: reader.at };
  }
  if (reader.text[reader.at] !== "(") {
    const to = reader.at;
    return NUMBER.test(word)
      ? { kind: "number", value: Number(word), from, to }
      : { kind: "path", pattern: word, from, to };
  }
  const args = readArguments(reader, depth);
  return { kind: "call", name: word, args, from, to: reader.at };
}

function readArguments(reader: Reader, depth: number): readonly Target[] {
  const args: Target[] = [];
  reader.at++;
  skipSpace(reader);
  if (reader.text[reader.at] === ")") {
    reader.at++;
    return args;
  }
  for (;;) {
    args.push(read(reader, depth + 1));
    skipSpace(reader);
    const next = reader.text[reader.at];
    if (next !== "," && next !== ")") throw unexpected(reader);
    reader.at++;
    if (next === ")") return args;
  }
}

function skipSpace(reader: Reader): void {
  take(reader, /\s*/y);
}

function take(reader: Reader, pattern: RegExp): RegExpExecArray | null {
  pattern.lastIndex = reader.at;
  const match = pattern.exec(reader.text);
  if (match !== null) reader.at = pattern.lastIndex;
  return match;
}

function unexpected({ text, at }: Reader): Refusal {
  const what = at < text.length ? `at character ${at + 1}: ${text.slice(at, at + 40)}` : "at its end";
  return bad(`the target cannot be read ${what}; it needs a path, a call, a text in quotes or a number there`);
}

function bad(message: string): Refusal {
  return new Refusal(400, "bad_data", message);
}
