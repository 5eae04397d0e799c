import { globToRegExp, isGlob } from "../glob.js";
import type { ReplySeries } from "../reply-series.js";
import type { Target } from "../source.js";

/*
 * A reply does not say which of the request's targets a series answers. For paths and globs their names say it; what
 * functions return may have any name, so each of those is wrapped in aliasSub, which puts the target's number in front.
 */

const MARK = /^anomaly(\d+):/;

const isPath = (expression: string) => !/[()]/.test(expression);

/** What is sent for the target with number `index` of a request. */
export function askedExpression({ expression }: Target, index: number): string {
  return isPath(expression) ? expression : `aliasSub(${expression},"^","anomaly${index}:")`;
}

/** The series that answer each target, in the targets' order and with their own names. */
export function answersOf(targets: readonly Target[], reply: readonly ReplySeries[]): ReplySeries[][] {
  const answers: ReplySeries[][] = targets.map(() => []);
  const byName = new Map<string, number[]>();
  const globs: (readonly [RegExp, number])[] = [];
  targets.forEach(({ expression }, i) => {
    if (!isPath(expression)) return;
    if (isGlob(expression)) globs.push([globToRegExp(expression, "."), i]);
    else byName.set(expression, [...(byName.get(expression) ?? []), i]);
  });
  for (const series of reply) {
    const mark = MARK.exec(series.name);
    if (mark !== null) {
      answers[Number(mark[1])]?.push({ ...series, name: series.name.slice(mark[0].length) });
      continue;
    }
    for (const i of byName.get(series.name) ?? []) answers[i].push(series);
    for (const [glob, i] of globs) if (glob.test(series.name)) answers[i].push(series);
  }
  // Two targets that match one series are answered by the server twice; once is enough.
  return answers.map((list) => oneEach(list));
}

/**
 * Each series once. Several that `alias` gave one name are distinguished by the paths under it; where those are not known either, the
 * first stays and says how many there were.
 */
function oneEach(list: readonly ReplySeries[]): ReplySeries[] {
  const byIdentity = new Map<string, ReplySeries & { readonly namesakes: number }>();
  for (const series of list) {
    const key = identityOf(series);
    const first = byIdentity.get(key);
    const differs = first !== undefined && !sameValues(first, series);
    if (first === undefined) byIdentity.set(key, { ...series, namesakes: 1 });
    else if (differs) byIdentity.set(key, { ...first, namesakes: first.namesakes + 1 });
  }
  return [...byIdentity.values()].map(({ namesakes, ...series }) =>
    namesakes === 1 ? series : { ...series, namesakes },
  );
}

/** What makes two replies the same series: the name, and the path under the functions where it is known. */
export const identityOf = ({ name, path }: ReplySeries) => `${name}\n${path ?? ""}`;

function sameValues(a: ReplySeries, b: ReplySeries): boolean {
  return a.values.length === b.values.length && a.values.every((value, i) => Object.is(value, b.values[i]));
}
