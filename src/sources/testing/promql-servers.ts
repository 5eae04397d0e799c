import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Labels } from "../../series/series.js";
import { answers, freePorts, stopChild, until } from "./child-servers.js";

const PROMETHEUS = "/usr/bin/prometheus";
const PROMTOOL = "/usr/bin/promtool";
const VICTORIA = "/usr/bin/victoria-metrics";

/** One series as it is written into a server: `labels` hold `__name__`; a null is a sample that is not there. */
export interface SampleHistory {
  readonly labels: Labels;
  readonly startS: number;
  readonly stepS: number;
  readonly values: readonly (number | null)[];
}

export interface PromqlServer {
  readonly url: string;
  /** Ends it and keeps what it has; `up` starts it again at the same address. */
  down(): Promise<void>;
  up(): Promise<void>;
  stop(): Promise<void>;
}

/** Whether Debian's prometheus is installed. */
export const prometheusAvailable = () => existsSync(PROMETHEUS) && existsSync(PROMTOOL);
/** Whether Debian's victoria-metrics is installed. */
export const victoriaAvailable = () => existsSync(VICTORIA);

const execute = promisify(execFile);

const samplesOf = ({ startS, stepS, values }: SampleHistory) =>
  values.flatMap((value, i) => (value === null ? [] : [[startS + i * stepS, value] as const]));

/**
 * A real Prometheus on loopback that holds these histories and scrapes nothing. They are written as blocks before it starts:
 * its remote write refuses samples older than about an hour.
 */
export async function startPrometheus(histories: readonly SampleHistory[]): Promise<PromqlServer> {
  const home = mkdtempSync(join(tmpdir(), "anomaly-prometheus-"));
  const metrics = join(home, "history.txt");
  writeFileSync(metrics, openMetrics(histories));
  if (histories.length > 0) {
    await execute(PROMTOOL, ["tsdb", "create-blocks-from", "openmetrics", metrics, join(home, "tsdb")], {
      maxBuffer: 1 << 26,
    });
  }
  writeFileSync(join(home, "prometheus.yml"), "global:\n  scrape_interval: 1m\nscrape_configs: []\n");
  return startServer(home, PROMETHEUS, "/-/ready", (port) => [
    `--config.file=${home}/prometheus.yml`,
    `--storage.tsdb.path=${home}/tsdb`,
    "--storage.tsdb.retention.time=100y",
    "--web.enable-remote-write-receiver",
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
}

/** One family a metric name, as the text format wants it, with times in seconds. */
function openMetrics(histories: readonly SampleHistory[]): string {
  const families = [...new Set(histories.map(({ labels }) => labels["__name__"]))];
  const lines = families.flatMap((family) => [
    `# TYPE ${family} unknown`,
    ...histories
      .filter(({ labels }) => labels["__name__"] === family)
      .flatMap((history) => {
        const own = Object.entries(history.labels).filter(([name]) => name !== "__name__");
        const text = own.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(",");
        return samplesOf(history).map(([atS, value]) => `${family}{${text}} ${value} ${atS}`);
      }),
  ]);
  return `${lines.join("\n")}\n# EOF\n`;
}

/** A real single-node VictoriaMetrics on loopback that holds these histories. */
export async function startVictoria(histories: readonly SampleHistory[]): Promise<PromqlServer> {
  const home = mkdtempSync(join(tmpdir(), "anomaly-victoria-"));
  const server = await startServer(home, VICTORIA, "/health", (port) => [
    `-storageDataPath=${home}/data`,
    `-httpListenAddr=127.0.0.1:${port}`,
    "-retentionPeriod=100y",
    "-loggerLevel=ERROR",
  ]);
  const lines = histories.map((history) => {
    const samples = samplesOf(history);
    return JSON.stringify({
      metric: history.labels,
      values: samples.map(([, value]) => value),
      timestamps: samples.map(([atS]) => atS * 1000),
    });
  });
  for (let i = 0; i < lines.length; i += 50) {
    const reply = await fetch(`${server.url}/api/v1/import`, {
      method: "POST",
      body: lines.slice(i, i + 50).join("\n"),
    });
    if (!reply.ok) throw new Error(`VictoriaMetrics refused the test's history: ${reply.status}`);
  }
  // What was imported is found only once its buffers are written.
  await fetch(`${server.url}/internal/force_flush`);
  await fetch(`${server.url}/internal/resetRollupResultCache`);
  return server;
}

async function startServer(
  home: string,
  command: string,
  ready: string,
  args: (port: number) => readonly string[],
): Promise<PromqlServer> {
  const [port] = await freePorts(1);
  const log = openSync(join(home, "server.log"), "a");
  let child: ChildProcess;
  const up = async () => {
    child = spawn(command, args(port), { cwd: home, stdio: ["ignore", log, log] });
    await until(() => answers(`http://127.0.0.1:${port}${ready}`), [child], command);
  };
  const down = () => stopChild(child);
  const stop = async () => {
    await down();
    rmSync(home, { recursive: true, force: true });
  };
  try {
    await up();
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `http://127.0.0.1:${port}`, down, up, stop };
}
