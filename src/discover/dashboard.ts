import { SourceError } from "../errors/errors.js";
import { graphiteQuery, promqlQuery } from "./dashboard-query.js";
import { type DataSource, type DataSourceRef, type DataSources, dataSourceOf } from "./dashboard-sources.js";
import { readVariables } from "./dashboard-variables.js";
import { type Drafts, type JobDraft, jobName } from "./job-draft.js";

interface Query {
  readonly datasource?: DataSourceRef;
  readonly hide?: boolean;
  readonly target?: string;
  readonly targetFull?: string;
  readonly expr?: string;
}

interface Panel {
  readonly title?: string;
  readonly datasource?: DataSourceRef;
  readonly targets?: readonly Query[];
  /** Panels of a row that is folded. */
  readonly panels?: readonly Panel[];
  readonly fieldConfig?: { readonly defaults?: { readonly unit?: string } };
  /** A panel that is kept in the library: the dashboard holds only where. */
  readonly libraryPanel?: { readonly uid?: string; readonly name?: string } | null;
}

interface Dashboard {
  readonly dashboard: { readonly templating?: { readonly list?: unknown } };
}

/** What a dashboard refers to, already fetched. */
export interface DashboardParts {
  readonly sources: DataSources;
  /** Models of library panels by uid, or why one could not be had. */
  readonly library: ReadonlyMap<string, unknown>;
}

const NO_PARTS: DashboardParts = { sources: { byName: new Map() }, library: new Map() };

/** All panels, those in folded rows too. @throws SourceError for JSON that is no dashboard; `place` names Grafana. */
function panelsOf(json: unknown, place: string): readonly Panel[] {
  const { dashboard } = (json ?? {}) as { dashboard?: { panels?: unknown } | null };
  if (!Array.isArray(dashboard?.panels)) {
    throw new SourceError(
      "unexpected",
      `${place} answered with JSON that is not a dashboard; check the uid and the address`,
    );
  }
  return (dashboard.panels as readonly Panel[]).flatMap((panel) => [panel, ...(panel.panels ?? [])]);
}

/** The uids of the library panels of a dashboard, each once. */
export function libraryUids(json: unknown, place: string): readonly string[] {
  return [...new Set(panelsOf(json, place).flatMap(({ libraryPanel }) => libraryPanel?.uid ?? []))];
}

/**
 * The queries of a dashboard (`GET /api/dashboards/uid/<uid>`) as jobs: one for each Graphite query, and one for all PromQL
 * queries of a panel to one data source. Dashboard variables become variables of the template, with their values where it lists them.
 *
 * @param place names Grafana in errors. @throws SourceError for JSON that is no dashboard.
 */
export function jobsOfDashboard(json: unknown, place: string, parts: DashboardParts = NO_PARTS): Drafts {
  const jobs: JobDraft[] = [];
  const leftOut: string[] = [];
  const taken = new Set<string>();
  const add = (title: string, { comment, settings }: Omit<JobDraft, "name">, values: readonly string[]) => {
    const name = jobName(title, taken);
    taken.add(name);
    jobs.push({
      name,
      comment,
      settings: { ...settings, ...(values.length === 0 ? {} : { var: values }), model: name },
    });
  };
  const panels = panelsOf(json, place);
  const variables = readVariables((json as Dashboard).dashboard.templating?.list);
  for (const found of panels) {
    const panel = withLibrary(found, parts.library);
    if (panel instanceof Error) {
      leftOut.push(`library panel "${found.libraryPanel?.name ?? found.libraryPanel?.uid}": ${panel.message}`);
      continue;
    }
    const title = panel.title ?? panel.libraryPanel?.name ?? "panel";
    const unit = panel.fieldConfig?.defaults?.unit;
    const comment = `panel "${title}"${unit === undefined ? "" : `, unit ${unit}`}`;
    const promql = new Map<string | undefined, { query: string[]; values: string[] }>();
    for (const query of panel.targets ?? []) {
      if (query.hide === true) continue;
      const source = dataSourceOf([query.datasource, panel.datasource], parts.sources, variables);
      const path = query.targetFull ?? query.target;
      const language = languageOf(query, source);
      if (language === "promql") {
        const asked = promqlQuery(query.expr ?? "", variables);
        if (asked === undefined) {
          leftOut.push(`${comment}: ${query.expr} has a variable that is no value of a matcher`);
          continue;
        }
        const all = promql.get(source?.uid) ?? { query: [], values: [] };
        all.query.push(asked.text);
        all.values.push(...asked.values.filter((value) => !all.values.includes(value)));
        promql.set(source?.uid, all);
      } else if (language === "graphite" && path !== undefined) {
        if (/#[A-Z]\b/.test(path)) leftOut.push(`${comment}: ${path} refers to another query`);
        else {
          const { text, values } = graphiteQuery(path, variables);
          add(title, { comment, settings: { source: "grafana", ...uidOf(source), template: text } }, values);
        }
      } else leftOut.push(`${comment}: ${unreadable(source)}`);
    }
    for (const [uid, { query, values }] of promql) {
      const settings = { source: "grafana", ...uidOf(uid === undefined ? undefined : { uid }), query };
      add(title, { comment, settings }, values);
    }
  }
  return { jobs, leftOut };
}

/** The panel with what the library holds of it; an error says why that could not be had. */
function withLibrary(panel: Panel, library: DashboardParts["library"]): Panel | Error {
  const uid = panel.libraryPanel?.uid;
  if (uid === undefined || panel.targets !== undefined) return panel;
  const model = library.get(uid);
  if (model instanceof Error) return model;
  if (typeof model !== "object" || model === null) return new Error("it was not found in the library");
  return { ...(model as Panel), ...panel };
}

/** Other data sources have an `expr` or a `target` as well, such as Loki's. */
function languageOf(
  { expr, target, targetFull }: Query,
  source: DataSource | undefined,
): "promql" | "graphite" | undefined {
  const type = source?.type;
  if (expr !== undefined && expr !== "" && (type === undefined || /prometheus|victoriametrics/.test(type)))
    return "promql";
  const path = targetFull ?? target;
  return path !== undefined && path !== "" && (type === undefined || type === "graphite") ? "graphite" : undefined;
}

function unreadable(source: DataSource | undefined): string {
  const type = source?.type;
  const of =
    type === undefined || /^graphite$|prometheus|victoriametrics/.test(type)
      ? ""
      : ` (its data source is of the type ${type})`;
  return `a query that is neither Graphite's nor PromQL${of}`;
}

const uidOf = (source: DataSource | undefined): Readonly<Record<string, string>> =>
  source === undefined ? {} : { "datasource-uid": source.uid };
