import { breathe } from "../../threads/breathe.js";
import { Refusal } from "../http/guard.js";
import { matching } from "../promql/matching.js";
import type { Matcher, MatchOp } from "../promql/parse.js";
import { type OwnPath, type OwnPaths, tagsOf } from "./paths.js";

/** A path with its tags. */
export interface Tagged {
  readonly own: OwnPath;
  readonly labels: ReadonlyMap<string, string>;
}

/** Paths whose tags are put together before others are heard. */
const PATHS_A_PIECE = 2000;

/**
 * The paths that all tag expressions hold for: `tag=value`, `!=`, `=~`, `!=~`. A pattern has to match from the begin of the value, as in
 * Graphite.
 *
 * @throws Refusal (400) for what is no tag expression.
 */
export async function taggedPaths(paths: OwnPaths, expressions: readonly string[]): Promise<readonly Tagged[]> {
  const matchers = expressions.map(matcherOf);
  const all: Tagged[] = [];
  for (const own of paths.all()) {
    all.push({ own, labels: tagsOf(own) });
    if (all.length % PATHS_A_PIECE === 0) await breathe();
  }
  return matching(all, matchers);
}

function matcherOf(expression: string): Matcher {
  const [, label, op, value] = /^([^;!=~]+)(!=~|=~|!=|=)([\s\S]*)$/.exec(expression) ?? [];
  if (label === undefined) {
    throw new Refusal(
      400,
      "bad_data",
      `"${expression}" is not a tag expression; write it like job=node or path=~cpu.*`,
    );
  }
  const isPattern = op.endsWith("~");
  const promql = ({ "!=~": "!~" }[op] ?? op) as MatchOp;
  return { label, op: promql, value: isPattern ? `(?:${value})[\\s\\S]*` : value };
}
