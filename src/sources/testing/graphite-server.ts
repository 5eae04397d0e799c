import { type ChildProcess, execFile, spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { answers, freePorts, listens, stopChild, until } from "./child-servers.js";

const PYTHON = "/usr/bin/python3";
const CARBON = "/usr/bin/carbon-cache";
const GUNICORN = "/usr/bin/gunicorn";
const WSGI = "/usr/share/graphite-web/graphite.wsgi";

/** One metric's history: values a step apart, null where there is none. */
export interface MetricHistory {
  readonly path: string;
  readonly startS: number;
  readonly stepS: number;
  readonly values: readonly (number | null)[];
}

export interface GraphiteServer {
  /** Of graphite-web. */
  readonly url: string;
  /** Where carbon takes lines of `path value epoch`. */
  readonly carbonLinePort: number;
  /** Writes a whisper file with the server's retentions, as if carbon had written it. */
  writeHistory(path: string, startS: number, stepS: number, values: readonly (number | null)[]): Promise<void>;
  writeHistories(histories: readonly MetricHistory[]): Promise<void>;
  stop(): Promise<void>;
}

/** Whether Debian's graphite-web, graphite-carbon and gunicorn are installed. */
export function graphiteAvailable(): boolean {
  return [PYTHON, CARBON, GUNICORN, WSGI].every((path) => existsSync(path));
}

const execute = promisify(execFile);

/** Reads `{folder, retentions, histories}` from stdin and writes whisper files of it. */
const WRITE_HISTORY = `
import json, os, sys, whisper
job = json.load(sys.stdin)
archives = [whisper.parseRetentionDef(part) for part in job["retentions"].split(",")]
for one in job["histories"]:
    file = os.path.join(job["folder"], *one["path"].split(".")) + ".wsp"
    os.makedirs(os.path.dirname(file), exist_ok=True)
    if not os.path.exists(file):
        whisper.create(file, archives, xFilesFactor=0, aggregationMethod="average")
    points = [(one["startS"] + i * one["stepS"], v) for i, v in enumerate(one["values"]) if v is not None]
    whisper.update_many(file, points)
`;

/**
 * A real Graphite on loopback: carbon-cache and graphite-web of Debian's packages, on free ports, with all state in a
 * temporary folder. `stop` ends exactly the two processes and removes the folder.
 */
export async function startGraphite({ retentions = "60s:7d,5m:60d", workers = 1 } = {}): Promise<GraphiteServer> {
  const home = mkdtempSync(join(tmpdir(), "anomaly-graphite-"));
  const [web, line, pickle, query] = await freePorts(4);
  const folder = writeConfiguration(home, retentions, { line, pickle, query });
  const env = {
    PATH: process.env["PATH"],
    HOME: home,
    PYTHONPATH: join(home, "conf"),
    GRAPHITE_SETTINGS_MODULE: "local_settings",
    DJANGO_SETTINGS_MODULE: "graphite.settings",
  };
  const children: ChildProcess[] = [];
  const start = (name: string, command: string, args: readonly string[]) => {
    const log = openSync(join(home, `${name}.log`), "a");
    children.push(spawn(command, args, { env, stdio: ["ignore", log, log] }));
  };
  const stop = async () => {
    await Promise.all(children.map(stopChild));
    rmSync(home, { recursive: true, force: true });
  };
  try {
    await execute(PYTHON, ["-m", "django", "migrate", "--run-syncdb"], { env });
    const conf = join(home, "conf");
    start("carbon", PYTHON, [
      CARBON,
      `--config=${conf}/carbon.conf`,
      "--instance=a",
      `--pidfile=${home}/carbon.pid`,
      `--logdir=${home}/storage/log`,
      "--nodaemon",
      "start",
    ]);
    start("web", GUNICORN, [
      "-w",
      String(workers),
      "-b",
      `127.0.0.1:${web}`,
      "--chdir",
      conf,
      "graphite_wsgi:application",
    ]);
    await until(() => answers(`http://127.0.0.1:${web}/render?target=none&format=json`), children, "graphite-web");
    // Carbon refuses some settings that whisper takes (a retention of "20min"), and then ends after graphite-web is up.
    await until(() => listens(line), children, "carbon");
  } catch (error) {
    await stop();
    throw error;
  }
  const writeHistories = async (histories: readonly MetricHistory[]) => {
    const job = execute(PYTHON, ["-c", WRITE_HISTORY]);
    job.child.stdin?.end(JSON.stringify({ folder, retentions, histories }));
    await job;
  };
  return {
    url: `http://127.0.0.1:${web}`,
    carbonLinePort: line,
    writeHistory: (path, startS, stepS, values) => writeHistories([{ path, startS, stepS, values }]),
    writeHistories,
    stop,
  };
}

/** All configuration files; gives back the folder of the whisper files. */
function writeConfiguration(
  home: string,
  retentions: string,
  ports: Readonly<Record<"line" | "pickle" | "query", number>>,
): string {
  const conf = join(home, "conf");
  const storage = join(home, "storage");
  const whisper = join(storage, "whisper");
  for (const folder of [conf, whisper, join(storage, "log")]) mkdirSync(folder, { recursive: true });
  const carbon = [
    "[cache]",
    `STORAGE_DIR = ${storage}`,
    `CONF_DIR = ${conf}`,
    `LOG_DIR = ${storage}/log`,
    `PID_DIR = ${home}`,
    `LOCAL_DATA_DIR = ${whisper}`,
    `WHITELISTS_DIR = ${storage}`,
    "ENABLE_LOGROTATION = False",
    "USER =",
    "MAX_CACHE_SIZE = inf",
    "MAX_UPDATES_PER_SECOND = inf",
    "MAX_CREATES_PER_MINUTE = inf",
    "LINE_RECEIVER_INTERFACE = 127.0.0.1",
    `LINE_RECEIVER_PORT = ${ports.line}`,
    "PICKLE_RECEIVER_INTERFACE = 127.0.0.1",
    `PICKLE_RECEIVER_PORT = ${ports.pickle}`,
    "CACHE_QUERY_INTERFACE = 127.0.0.1",
    `CACHE_QUERY_PORT = ${ports.query}`,
    "WHISPER_AUTOFLUSH = True",
    "ENABLE_TAGS = False",
    "",
  ];
  writeFileSync(join(conf, "carbon.conf"), carbon.join("\n"));
  writeFileSync(join(conf, "storage-schemas.conf"), `[all]\npattern = .*\nretentions = ${retentions}\n`);
  writeFileSync(
    join(conf, "storage-aggregation.conf"),
    "[default]\npattern = .*\nxFilesFactor = 0\naggregationMethod = average\n",
  );
  const settings = [
    "SECRET_KEY = 'test'",
    "ALLOWED_HOSTS = ['127.0.0.1', 'localhost']",
    "TIME_ZONE = 'UTC'",
    `CONF_DIR = '${conf}'`,
    `STORAGE_DIR = '${storage}'`,
    `WHISPER_DIR = '${whisper}'`,
    `STANDARD_DIRS = ['${whisper}']`,
    `LOG_DIR = '${storage}/log'`,
    `INDEX_FILE = '${storage}/index'`,
    `CARBONLINK_HOSTS = ['127.0.0.1:${ports.query}:a']`,
    "STATIC_ROOT = '/usr/share/graphite-web/static'",
    `DATABASES = {'default': {'NAME': '${storage}/graphite.db', 'ENGINE': 'django.db.backends.sqlite3', 'USER': '', 'PASSWORD': '', 'HOST': '', 'PORT': ''}}`,
    "",
  ];
  writeFileSync(join(conf, "local_settings.py"), settings.join("\n"));
  copyFileSync(WSGI, join(conf, "graphite_wsgi.py"));
  return whisper;
}
