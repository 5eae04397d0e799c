import { checkClock } from "../../doctor/clock.js";
import { checkDatasource } from "../../doctor/datasource.js";
import type { Finding } from "../../doctor/finding.js";
import { checkHistory, WEEK_AFTER_MS } from "../../doctor/history.js";
import { checkRights } from "../../doctor/rights.js";
import { ARCHIVE_AGES_MS, checkArchives, checkSeries } from "../../doctor/series-checks.js";
import { EXIT, type ExitCode, messageOf, SourceError, UsageError } from "../../errors/errors.js";
import { placeOf } from "../../http/failure.js";
import type { Http } from "../../http/http.js";
import { aligned } from "../../report/terminal/aligned.js";
import { openHttp, openServer, serverUrl, speaksPromql } from "../../runs/source/open-server.js";
import type { OpenedSource } from "../../runs/source/opened.js";
import { credentialsFrom, orgIdFrom, secretFrom } from "../../runs/source/server-credentials.js";
import type { ServerKind } from "../../runs/source/source-spec.js";
import { coverage } from "../../series/series.js";
import { authHeaders } from "../../sources/credentials.js";
import { grafanaHeaders } from "../../sources/grafana/source.js";
import { inApiWords } from "../../sources/grafana/words.js";
import { joinUrl } from "../../sources/join-url.js";
import { DAY_MS, HOUR_MS } from "../../time/duration.js";
import { visible } from "../../wording/visible.js";
import type { CommandContext } from "../commands/spec.js";
import { withProgress } from "../progress.js";
import { questionSpec, serverSpec, surroundings } from "../source-options.js";

/** What each server answers with JSON, whoever asks and however little it holds. */
const HEALTH: Readonly<Record<ServerKind, string>> = {
  graphite: "render?target=none&format=json",
  grafana: "api/health",
  prometheus: "api/v1/query?query=1",
  victoriametrics: "api/v1/query?query=1",
};
/** Series whose archives are looked at: all of one server have the same few retentions. */
const ARCHIVE_SERIES = 3;

/** One run of `anomaly doctor`; status 1 where a check failed. */
export async function doctor(context: CommandContext<"doctor">): Promise<ExitCode> {
  const { options, streams, log } = context;
  const kind = options.source;
  if (kind === undefined || kind === "csv") {
    throw new UsageError(
      "source",
      "doctor checks a server; give it --source graphite, grafana, prometheus or victoriametrics",
    );
  }
  const opened = await openServer(questionSpec(options), kind, surroundings(context));
  const findings = await withProgress(context, "checking", async () => [
    ...(await checkServer(context, kind)),
    ...(await checkData(opened, context)),
  ]).finally(() => opened.close());
  if (options.json) await streams.out(`${JSON.stringify(findings)}\n`);
  else {
    log.info(opened.name);
    const rows = findings.map(({ verdict, check, says }) => [verdict, check, visible(says)]);
    await streams.out(`${aligned(rows).join("\n")}\n`);
  }
  return findings.some(({ verdict }) => verdict === "failed") ? EXIT.failed : EXIT.ok;
}

/** Reachable, clock, rights: nothing that depends on what is asked. */
async function checkServer(context: CommandContext<"doctor">, kind: ServerKind): Promise<Finding[]> {
  const { env, nowMs } = context.streams;
  const url = serverUrl(kind, context.options);
  // What there is to warn of was said when the source was opened.
  const http = openHttp(serverSpec(context.options), { ...surroundings(context), warn: () => {} });
  const headers = () =>
    kind === "grafana"
      ? grafanaHeaders({ token: secretFrom("grafanaToken", env), orgId: orgIdFrom(env) })
      : authHeaders(credentialsFrom(kind, env));
  try {
    const sentMs = nowMs();
    const { date } = await http.getDated(joinUrl(url, HEALTH[kind]), { headers: headers() });
    const gotMs = nowMs();
    const reachable: Finding = {
      check: "reachable",
      verdict: "ok",
      says: `answered in ${Math.round(gotMs - sentMs)} ms`,
    };
    const rights = kind === "grafana" ? await checkGrafana(context, http, url, headers()) : [];
    return [reachable, checkClock(date, sentMs, gotMs), ...rights];
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    const said = kind === "grafana" ? messageOf(inApiWords(error, hostOf(url), "its health")) : error.message;
    return [{ check: "reachable", verdict: "failed", says: said }];
  } finally {
    await http.close();
  }
}

/** What the token may do, and what the data source is. */
async function checkGrafana(
  { options }: CommandContext<"doctor">,
  http: Http,
  url: string,
  headers: Record<string, string>,
): Promise<Finding[]> {
  const rights = await rightsOf(http, url, headers);
  const uid = options.datasourceUid;
  if (uid === undefined || rights.verdict === "failed") return [rights];
  const language = speaksPromql("grafana", options) ? "promql" : "graphite";
  if (language === "graphite" && options.template === undefined) return [rights];
  try {
    const json = await http.getJson(joinUrl(url, `api/datasources/uid/${encodeURIComponent(uid)}`), { headers });
    return [rights, checkDatasource(json, uid, language)];
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    const said = inApiWords(
      error,
      hostOf(url),
      `a data source with the uid ${uid}`,
      '"datasources:read" (role Viewer)',
    );
    const isMissing = error.code === "source.not_found";
    return [rights, { check: "datasource", verdict: isMissing ? "failed" : "unknown", says: messageOf(said) }];
  }
}

const hostOf = (url: string) => placeOf(url).replace(/\/$/, "");

async function rightsOf(http: Http, url: string, headers: Record<string, string>): Promise<Finding> {
  try {
    return checkRights(await http.getJson(joinUrl(url, "api/access-control/user/permissions"), { headers }));
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    const failed = error.code === "source.unauthorised";
    const said = messageOf(inApiWords(error, hostOf(url), "what the token may do", '"users.permissions:read"'));
    const says = failed ? said : `Grafana does not say what the token may do (${error.message})`;
    return { check: "rights", verdict: failed ? "failed" : "unknown", says };
  }
}

/** A day of what is asked, and a look at greater ages. */
async function checkData(opened: OpenedSource, { options, streams }: CommandContext<"doctor">): Promise<Finding[]> {
  if (opened.targets.length === 0) {
    return [
      {
        check: "series",
        verdict: "unknown",
        says: "nothing to request; give --template for Graphite, --query for PromQL",
      },
    ];
  }
  const nowMs = streams.nowMs();
  const { targets, template } = opened;
  try {
    const { series, problems } = await opened.source.fetch(
      { targets, template },
      { startMs: nowMs - DAY_MS, endMs: nowMs },
    );
    const failed = problems
      .filter(({ kind }) => kind === "failed")
      .map(({ reason }): Finding => ({ check: "series", verdict: "failed", says: reason }));
    const filled = series.filter(({ values }) => coverage(values) > 0);
    const archives =
      filled.length === 0
        ? []
        : [
            await archivesOf(opened, filled.slice(0, ARCHIVE_SERIES).map(opened.targetOf), nowMs),
            await historyOf(opened, filled.slice(0, ARCHIVE_SERIES).map(opened.targetOf), nowMs),
          ];
    return [...failed, ...checkSeries(filled, nowMs, options.rate), ...archives];
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return [{ check: "series", verdict: "failed", says: error.message }];
  }
}

async function archivesOf(
  { source, template }: OpenedSource,
  expressions: readonly string[],
  nowMs: number,
): Promise<Finding> {
  const targets = expressions.map((expression) => ({ expression, labels: {} }));
  const steps: { ageMs: number; stepMs: number }[] = [];
  for (const ageMs of ARCHIVE_AGES_MS) {
    const startMs = nowMs - ageMs;
    const { series } = await source.fetch({ targets, template }, { startMs, endMs: startMs + HOUR_MS });
    const filled = series.filter(({ values }) => coverage(values) > 0);
    steps.push({ ageMs, stepMs: filled[0]?.stepMs ?? Number.NaN });
  }
  return checkArchives(steps);
}

async function historyOf(
  { source, template }: OpenedSource,
  expressions: readonly string[],
  nowMs: number,
): Promise<Finding> {
  const targets = expressions.map((expression) => ({ expression, labels: {} }));
  const range = { startMs: nowMs - WEEK_AFTER_MS, endMs: nowMs };
  const { series } = await source.fetch({ targets, template }, range);
  return checkHistory(series, nowMs);
}
