import { SourceError } from "../../errors/errors.js";
import { templateVariables } from "../../sources/template.js";
import { type Drafts, type JobDraft, jobName } from "./job-draft.js";

interface DataSource {
  readonly uid?: string;
  readonly type?: string;
}

interface Query {
  readonly datasource?: DataSource | string | null;
  readonly hide?: boolean;
  readonly target?: string;
  readonly targetFull?: string;
  readonly expr?: string;
}

interface Panel {
  readonly title?: string;
  readonly datasource?: DataSource | string | null;
  readonly targets?: readonly Query[];
  /** Panels of a row that is folded. */
  readonly panels?: readonly Panel[];
  readonly fieldConfig?: { readonly defaults?: { readonly unit?: string } };
}

/**
 * The queries of a dashboard (`GET /api/dashboards/uid/<uid>`) as jobs: one for each Graphite query, and one for all PromQL
 * queries of a panel. Dashboard variables become variables of the template.
 *
 * @param place names Grafana in errors. @throws SourceError for JSON that is no dashboard.
 */
export function jobsOfDashboard(json: unknown, place: string): Drafts {
  const { dashboard } = (json ?? {}) as { dashboard?: { panels?: unknown } };
  if (dashboard === undefined || !Array.isArray(dashboard.panels)) {
    throw new SourceError(
      "unexpected",
      `${place} answered with JSON that is no dashboard; check the uid and the address`,
    );
  }
  const jobs: JobDraft[] = [];
  const leftOut: string[] = [];
  const taken = new Set<string>();
  const add = (title: string, draft: Omit<JobDraft, "name">) => {
    const name = jobName(title, taken);
    taken.add(name);
    jobs.push({ ...draft, name, settings: { ...draft.settings, model: name } });
  };
  const panels = (dashboard.panels as readonly Panel[]).flatMap((panel) => [panel, ...(panel.panels ?? [])]);
  for (const panel of panels) {
    const title = panel.title ?? "panel";
    const unit = panel.fieldConfig?.defaults?.unit;
    const comment = `panel "${title}"${unit === undefined ? "" : `, unit ${unit}`}`;
    const promql: string[] = [];
    let promqlUid: string | undefined;
    for (const query of panel.targets ?? []) {
      if (query.hide === true) continue;
      const uid = uidOf(query.datasource) ?? uidOf(panel.datasource);
      const path = query.targetFull ?? query.target;
      if (query.expr !== undefined && query.expr !== "") {
        const expression = withPromqlVariables(query.expr);
        if (expression === undefined) leftOut.push(`${comment}: ${query.expr} has a variable outside of a matcher`);
        else {
          promql.push(expression);
          promqlUid ??= uid;
        }
      } else if (path !== undefined && path !== "") {
        if (/#[A-Z]\b/.test(path)) leftOut.push(`${comment}: ${path} refers to another query`);
        else
          add(title, {
            comment,
            settings: { source: "grafana", ...dataSource(uid), template: withPathVariables(path) },
          });
      } else leftOut.push(`${comment}: a query that is neither Graphite's nor PromQL`);
    }
    if (promql.length > 0)
      add(title, { comment, settings: { source: "grafana", ...dataSource(promqlUid), query: promql } });
  }
  return { jobs, leftOut };
}

const dataSource = (uid: string | undefined): Readonly<Record<string, string>> =>
  uid === undefined ? {} : { "datasource-uid": uid };

/** A data source that is itself a variable of the dashboard has no uid of its own. */
function uidOf(datasource: DataSource | string | null | undefined): string | undefined {
  const uid = typeof datasource === "string" ? datasource : datasource?.uid;
  return uid === undefined || uid.includes("$") ? undefined : uid;
}

const VARIABLE = /\$\{(\w+)(?::\w+)?\}|\$(\w+)|\[\[(\w+)(?::\w+)?\]\]/g;
const BUILT_IN: Readonly<Record<string, string>> = {
  __interval: "1min",
  __rate_interval: "5m",
  __range: "1h",
  interval: "1min",
};

/** `statsd.$server.lag.*` → `statsd.{machine}.lag.{aggregator}`: the first two names that vary are machine and aggregator. */
export function withPathVariables(path: string): string {
  const named = path.replace(VARIABLE, (_, a?: string, b?: string, c?: string) => {
    const name = a ?? b ?? c ?? "";
    return BUILT_IN[name] ?? `{${name}}`;
  });
  let template = named;
  for (const label of ["machine", "aggregator"]) {
    if (templateVariables(template).includes(label)) continue;
    const variable = templateVariables(template).find((name) => name !== "machine" && name !== "aggregator");
    template =
      variable === undefined
        ? template.replace(/(^|[.(,])\*(?=[.),]|$)/, `$1{${label}}`)
        : template.replaceAll(`{${variable}}`, `{${label}}`);
  }
  return template;
}

/** Variables of PromQL stand in matchers, which must then be patterns; undefined where one stands elsewhere. */
export function withPromqlVariables(expression: string): string | undefined {
  const plain = expression
    .replace(/\$\{?__(?:rate_)?interval\}?/g, "5m")
    .replace(/\$\{?__range\}?/g, "1h")
    .replace(
      /(=~|=)\s*"(\$\{(\w+)(?::\w+)?\}|\$(\w+)|\[\[(\w+)(?::\w+)?\]\])"/g,
      (_, _op, _whole, a, b, c) => `=~"{${a ?? b ?? c}}"`,
    );
  return /\$|\[\[/.test(plain) ? undefined : plain;
}
