/** A variable of a dashboard, as `templating.list` holds it. */
export interface DashboardVariable {
  readonly name?: string;
  /** `query`, `custom`, `constant`, `textbox`, `interval`, `datasource`. */
  readonly type?: string;
  readonly query?: unknown;
  readonly current?: { readonly value?: unknown } | null;
  readonly options?: readonly { readonly value?: unknown }[] | null;
}

export type DashboardVariables = ReadonlyMap<string, DashboardVariable>;

/** What Grafana writes where all values are chosen. */
const ALL = "$__all";

export function readVariables(list: unknown): DashboardVariables {
  const variables = (Array.isArray(list) ? list : []) as readonly (DashboardVariable | null)[];
  return new Map(
    variables.flatMap((variable) => (typeof variable?.name === "string" ? [[variable.name, variable]] : [])),
  );
}

/**
 * The values that a custom variable can have: those of its options, or those that its text lists (`web01,web02`, `Name : value`).
 * None for a variable whose values a data source brings: those change, and are looked for at each run.
 */
export function optionsOf({ type, options, query }: DashboardVariable): readonly string[] {
  if (type !== "custom") return [];
  const listed = (options ?? []).flatMap(({ value }) => (typeof value === "string" && value !== ALL ? [value] : []));
  if (listed.length > 0 || typeof query !== "string") return listed;
  return query
    .split(",")
    .map((part) => part.trim().replace(/^.*\S\s+:\s+/, ""))
    .filter((part) => part !== "" && part !== ALL);
}

/** The one value that a variable has now; undefined where it is all of them, several, or what a data source brings. */
export function chosenValue({ type, current, query }: DashboardVariable): string | undefined {
  if (type === "query") return undefined;
  const chosen = Array.isArray(current?.value) && current.value.length === 1 ? current.value[0] : current?.value;
  if (typeof chosen === "string" && chosen !== "" && chosen !== ALL && !chosen.startsWith("$__")) return chosen;
  return (type === "constant" || type === "textbox") && typeof query === "string" && query !== "" ? query : undefined;
}

/** `$name`, `${name}`, `${name:regex}` and `[[name]]`. */
export const VARIABLE = /\$\{(\w+)(?:\.\w+)?(?::[^}]*)?\}|\$(\w+)|\[\[(\w+)(?::\w+)?\]\]/g;

/** The text with each variable replaced. */
export function replaceVariables(text: string, replacement: (name: string, written: string) => string): string {
  return text.replace(VARIABLE, (written: string, a?: string, b?: string, c?: string) =>
    replacement(a ?? b ?? c ?? "", written),
  );
}
