import { chosenValue, type DashboardVariables, replaceVariables } from "./dashboard-variables.js";

/** A data source as a panel or a query names it: an object in newer dashboards, a name in old ones. */
export type DataSourceRef = { readonly uid?: string | null; readonly type?: string | null } | string | null | undefined;

export interface DataSource {
  readonly uid: string;
  readonly type?: string;
}

/** The data sources of a Grafana, by name; `GET /api/frontend/settings`. */
export interface DataSources {
  readonly byName: ReadonlyMap<string, DataSource>;
  readonly defaultName?: string;
}

/** @param json of `/api/frontend/settings`; anything else is a Grafana of which no data source is known. */
export function readDataSources(json: unknown): DataSources {
  const { datasources, defaultDatasource } = (json ?? {}) as {
    datasources?: Readonly<Record<string, { uid?: unknown; type?: unknown } | null>> | null;
    defaultDatasource?: unknown;
  };
  const byName = Object.entries(datasources ?? {}).flatMap(([name, source]): [string, DataSource][] =>
    typeof source?.uid === "string"
      ? [[name, { uid: source.uid, type: typeof source.type === "string" ? source.type : undefined }]]
      : [],
  );
  return {
    byName: new Map(byName),
    defaultName: typeof defaultDatasource === "string" ? defaultDatasource : undefined,
  };
}

/** A panel whose queries each have a data source of their own. */
const MIXED = "-- Mixed --";

/**
 * The data source of a query: its own, else its panel's, else the default one. A variable is what is chosen for it now.
 *
 * @returns undefined where that is not known.
 */
export function dataSourceOf(
  refs: readonly DataSourceRef[],
  { byName, defaultName }: DataSources,
  variables: DashboardVariables,
): DataSource | undefined {
  const ref = refs.find((one) => one !== null && one !== undefined && textOf(one) !== MIXED);
  const text = textOf(ref);
  const chosen = text === undefined ? "default" : withValues(text, variables);
  if (chosen === undefined) return undefined;
  const name = chosen === "default" ? defaultName : chosen;
  if (name === undefined) return undefined;
  const known = byName.get(name) ?? [...byName.values()].find(({ uid }) => uid === name);
  // Where the list could not be read a uid is all the same one; a name is not.
  if (known !== undefined) return known;
  const type = typeof ref === "object" ? (ref?.type ?? undefined) : undefined;
  return byName.size === 0 && typeof ref === "object" && chosen !== "default" ? { uid: name, type } : undefined;
}

const textOf = (ref: DataSourceRef) => (typeof ref === "string" ? ref : (ref?.uid ?? undefined)) || undefined;

function withValues(text: string, variables: DashboardVariables): string | undefined {
  let isKnown = true;
  const written = replaceVariables(text, (name) => {
    const variable = variables.get(name);
    const value = variable === undefined ? undefined : chosenValue(variable);
    // A variable of data sources that nobody has chosen for is the default one.
    if (value === undefined && variable?.type !== "datasource") isKnown = false;
    return value ?? "default";
  });
  return isKnown ? written : undefined;
}
