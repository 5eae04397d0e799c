import { existsSync } from "node:fs";
import { stringify } from "yaml";
import { draftsOfDashboard } from "../../discover/fetch-dashboard.js";
import { findPaths } from "../../discover/find-graphite.js";
import { findMetrics } from "../../discover/find-promql.js";
import type { Drafts } from "../../discover/job-draft.js";
import { EXIT, type ExitCode, UsageError } from "../../errors/errors.js";
import { writeFileAtomic } from "../../files/atomic.js";
import { openHttp, serverUrl } from "../../runs/source/open-server.js";
import { credentialsFrom, orgIdFrom, secretFrom } from "../../runs/source/server-credentials.js";
import { authHeaders } from "../../sources/credentials.js";
import { grafanaHeaders } from "../../sources/grafana/source.js";
import { count } from "../../wording/count.js";
import type { CommandContext } from "../commands/spec.js";
import { CONFIG_FILE } from "../config/file.js";
import { serverSpec, surroundings } from "../source-options.js";

/** What a file to begin with holds: one job on CSV files, which needs no server. */
const STARTER: Drafts = {
  jobs: [
    {
      name: "fleet",
      comment: "CSV files; --source graphite, grafana, prometheus or victoriametrics reads a server",
      settings: { source: "csv", data: "data/fleet", model: "fleet", threshold: "strict" },
    },
  ],
  leftOut: [],
};

/** One run of `anomaly init`. */
export async function init(context: CommandContext<"init">): Promise<ExitCode> {
  const { options, streams, log } = context;
  const path = options.output ?? CONFIG_FILE;
  if (path !== "-" && existsSync(path) && !options.force) {
    throw new UsageError(
      "output",
      `${path} already exists; write to another file with -o, or overwrite it with --force`,
    );
  }
  const drafts = await draftsFor(context);
  for (const what of drafts.leftOut) log.warn(`left out: ${what}`);
  if (drafts.jobs.length === 0) throw new UsageError("dashboard", "the dashboard has no query that can become a job");
  const text = settingsFile(drafts);
  if (path === "-") await streams.out(text);
  else {
    writeFileAtomic(path, text);
    const config = path === CONFIG_FILE ? "" : `--config ${path} `;
    log.info(`${path}: ${count(drafts.jobs.length, "job")}; ${nextStep(config, drafts)}`);
  }
  return EXIT.ok;
}

/** A server has values now, and infer works without a model; files are history first. */
function nextStep(config: string, { jobs }: Drafts): string {
  const [{ name, settings }] = jobs;
  if (settings["source"] !== "csv") return `try anomaly infer ${config}--job all`;
  const chosen = `${config}--job ${name}`;
  return `try anomaly train ${chosen}, then anomaly infer ${chosen}`;
}

async function draftsFor(context: CommandContext<"init">): Promise<Drafts> {
  const { options, streams } = context;
  const { fromDashboard, find } = options;
  if (fromDashboard !== undefined && find !== undefined) {
    throw new UsageError("init", "--from-dashboard and --find both say where the jobs come from; give one of them");
  }
  const { source } = options;
  if (fromDashboard === undefined && find === undefined && (source === undefined || source === "csv")) return STARTER;
  const http = openHttp(serverSpec(options), surroundings(context));
  try {
    if (fromDashboard !== undefined) {
      const url = serverUrl("grafana", options);
      const headers = grafanaHeaders({ token: secretFrom("grafanaToken", streams.env), orgId: orgIdFrom(streams.env) });
      return await draftsOfDashboard(http, url, headers, fromDashboard);
    }
    if (source === undefined || source === "csv" || source === "grafana") {
      const what =
        source === "grafana"
          ? "for Grafana use --from-dashboard <uid>, with the uid in the dashboard's address"
          : "--find searches a server; give it --source graphite, prometheus or victoriametrics";
      throw new UsageError("source", what);
    }
    const url = serverUrl(source, options);
    const headers = authHeaders(credentialsFrom(source, streams.env));
    return source === "graphite"
      ? await findPaths({ http, url, headers }, find)
      : await findMetrics({ http, url, headers, source }, find);
  } finally {
    await http.close();
  }
}

/** The file: each job under its comment, and as comments what is not in it. */
export function settingsFile({ jobs, leftOut }: Drafts): string {
  const oneLine = (text: string) => text.replace(/\s+/g, " ");
  const parts = jobs.map(({ name, comment, settings }) => {
    const body = stringify({ [name]: settings }, { lineWidth: 0 });
    const lines = [...(comment === undefined ? [] : [`# ${oneLine(comment)}`]), ...body.trimEnd().split("\n")];
    return lines.map((line) => `  ${line}`).join("\n");
  });
  return [
    "# anomaly infer --job <name> runs one of these, --job all every one; docs/reference/options.md has all settings.",
    "jobs:",
    ...parts,
    ...leftOut.map((what) => `# left out: ${oneLine(what)}`),
    "",
  ].join("\n");
}
