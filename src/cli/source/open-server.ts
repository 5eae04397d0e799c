import { ConfigError, UsageError } from "../../errors/errors.js";
import { placeOf } from "../../http/failure.js";
import { createHttp, type Http } from "../../http/http.js";
import type { Credentials, Secret } from "../../sources/credentials.js";
import { createGrafanaSource } from "../../sources/grafana/source.js";
import { createGraphiteSource } from "../../sources/graphite/source.js";
import type { SeriesSource } from "../../sources/source.js";
import { expandTargets } from "../../sources/targets.js";
import type { CommandContext } from "../commands/spec.js";
import type { OptionValues } from "../options/table.js";
import { IDENTITIES, SECRETS, type SecretKey } from "../secrets.js";
import { toolVersion } from "../version.js";
import type { OpenedSource } from "./opened.js";

type Surroundings = Pick<CommandContext["streams"], "env" | "nowMs">;
type Environment = Readonly<Record<string, string | undefined>>;

/** Graphite, directly or behind Grafana. "Now" is the wall clock. */
export async function openServer(
  { options, streams, signal }: Pick<CommandContext, "options" | "signal"> & { readonly streams: Surroundings },
  kind: "graphite" | "grafana",
): Promise<OpenedSource> {
  const { template } = options;
  const variables = Object.fromEntries(options.var.map(({ name, values }) => [name, values]));
  const targets = template === undefined ? [] : expandTargets(template, variables);
  const client = createHttp({ timeoutMs: options.timeout, userAgent: `anomaly-toolkit/${toolVersion()}` });
  const http = interruptible(client, signal);
  const [source, url] = kind === "grafana" ? grafana(options, streams.env, http) : graphite(options, streams.env, http);
  return {
    source,
    targets,
    template,
    // With labels for all variables the template gives the one path; else the series' own name is what was answered.
    targetOf: ({ name, labels }) => {
      if (template === undefined) return name;
      const known = Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, [value]]));
      const used = Object.keys(known).filter((key) => template.includes(`{${key}}`));
      const [target] = expandTargets(template, Object.fromEntries(used.map((key) => [key, known[key]])));
      return target?.expression ?? name;
    },
    nowMs: streams.nowMs(),
    name: `${kind === "grafana" ? "Grafana" : "Graphite"} at ${placeOf(url)}`,
    close: () => http.close(),
  };
}

/** The client, each of whose requests ends with Ctrl-C. */
function interruptible(http: Http, signal: AbortSignal): Http {
  return {
    postForm: (url, form, call) => http.postForm(url, form, { ...call, signal }),
    postJson: (url, body, call) => http.postJson(url, body, { ...call, signal }),
    getJson: (url, call) => http.getJson(url, { ...call, signal }),
    close: () => http.close(),
  };
}

function graphite(options: OptionValues, env: Environment, http: Http): readonly [SeriesSource, string] {
  const url = options.graphiteUrl;
  if (url === undefined) {
    throw new ConfigError(
      "graphite_url",
      "--source graphite needs the address of graphite-web; set GRAPHITE_URL or --graphite-url",
    );
  }
  return [createGraphiteSource({ url, auth: basic(env), http }), url];
}

function grafana(options: OptionValues, env: Environment, http: Http): readonly [SeriesSource, string] {
  const { grafanaUrl: url, datasourceUid } = options;
  if (url === undefined) {
    throw new ConfigError(
      "grafana_url",
      "--source grafana needs the address of Grafana; set GRAFANA_URL or --grafana-url",
    );
  }
  if (datasourceUid === undefined) {
    throw new UsageError(
      "datasource_uid",
      "--source grafana needs --datasource-uid; it stands in the address of the data source's settings page in Grafana",
    );
  }
  return [
    createGrafanaSource({ url, datasourceUid, token: secret("grafanaToken", env), orgId: orgId(env), http }),
    url,
  ];
}

/** The secret itself where the variable holds it, else the file that is read again at each request. */
function secret(key: SecretKey, env: Environment): Secret | undefined {
  const { env: name } = SECRETS[key];
  const direct = env[name];
  if (direct !== undefined && direct !== "") return direct;
  const file = env[`${name}_FILE`];
  return file === undefined || file === "" ? undefined : { file };
}

function basic(env: Environment): Credentials | undefined {
  const user = env[IDENTITIES.graphiteUser.env];
  const password = secret("graphitePassword", env);
  if (user === undefined || user === "") {
    if (password === undefined) return undefined;
    throw new ConfigError(
      "graphite_user",
      `${SECRETS.graphitePassword.env} is set without ${IDENTITIES.graphiteUser.env}; set both`,
    );
  }
  if (password === undefined) {
    throw new ConfigError(
      "graphite_user",
      `${IDENTITIES.graphiteUser.env} is set without ${SECRETS.graphitePassword.env}; set both`,
    );
  }
  return { kind: "basic", user, password };
}

function orgId(env: Environment): number | undefined {
  const text = env[IDENTITIES.grafanaOrgId.env];
  if (text === undefined || text === "") return undefined;
  if (!/^\d+$/.test(text)) {
    throw new ConfigError(
      "org_id",
      `${IDENTITIES.grafanaOrgId.env} is "${text}" and must be a number, as Grafana's page of organisations shows it`,
    );
  }
  return Number(text);
}
