import { type Matched, type Matcher, matchesAll, parseMatchers } from "../../records/matcher.js";
import type { Problem } from "../problem.js";
import type { Route } from "../settings/settings.js";

/** Finds the routes that take a problem, in their order. */
export type RoutesOf = (problem: Problem) => readonly string[];

/** Reads the matchers once. */
export function routing(routes: readonly Route[]): RoutesOf {
  const read = routes.map((route) => ({ route, matchers: parseMatchers(route.match) }));
  return (problem) => {
    const taking: string[] = [];
    for (const { route, matchers } of read) {
      if (!takes(matchers, problem)) continue;
      taking.push(route.name);
      if (!route.continue) break;
    }
    return taking;
  };
}

function takes(matchers: readonly Matcher[], { kind, matched }: Problem): boolean {
  // Whoever wants anomalies did not choose to hear of the state of the tool.
  if (kind !== "episode" && !matchers.some(({ name }) => name === "status")) return false;
  // An episode is routed by what it is, and not by whether it is over by now.
  const shown: Matched = kind === "episode" ? { ...matched, status: "open" } : matched;
  return matchesAll(matchers, shown);
}
