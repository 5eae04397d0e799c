/** The paths that a pattern with `{a,b}` stands for, as Graphite's finder expands it. */
export function expandBraces(pattern: string): string[] {
  const match = /^(.*?)\{([^{}]*)\}(.*)$/.exec(pattern);
  if (match === null) return [pattern];
  const [, before, values, after] = match;
  return values.split(",").flatMap((value) => expandBraces(`${before}${value}${after}`));
}
