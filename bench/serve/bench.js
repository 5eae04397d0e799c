import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { normal, seededRandom } from "../../dist/math/random.js";
import { loadServers } from "../sources/servers.js";

const BIN = fileURLToPath(new URL("../../bin/anomaly.js", import.meta.url));
const MINUTE_S = 60;
const AHEAD_MIN = 60;
/** Often enough to meet runs, seldom enough not to be what is measured. */
const POLL_MS = 2000;
/** Kernel ticks a second: what `getconf CLK_TCK` says on every Linux of today. */
const TICKS = 100;

const { values: options } = parseArgs({
  options: {
    series: { type: "string", default: "1000" },
    days: { type: "string", default: "4" },
    cycles: { type: "string", default: "3" },
    detector: { type: "string", default: "residual" },
    profile: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const [series, days, cycles] = [options.series, options.days, options.cycles].map(Number);
const say = (text) => process.stderr.write(`${text}\n`);

/** A day's wave with noise that has a memory; each series has its own level and seed. */
function history(i, startS, slots) {
  const random = seededRandom(i + 1);
  const level = 100 * (1 + random());
  let noise = 0;
  const values = new Array(slots);
  for (let slot = 0; slot < slots; slot++) {
    noise = 0.8 * noise + normal(random);
    const wave = Math.sin((2 * Math.PI * ((startS / MINUTE_S + slot) % 1440)) / 1440);
    values[slot] = Math.round((level * (1 + 0.3 * wave) + noise) * 100) / 100;
  }
  return { labels: { __name__: "load", instance: `host-${i}` }, startS, stepS: MINUTE_S, values };
}

/** CPU seconds and resident bytes of a process, its threads included. */
function usage(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const rss = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return { cpuS: (Number(fields[11]) + Number(fields[12])) / TICKS, rssMb: Number(rss?.[1] ?? 0) / 1024 };
}

const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const sorted = (values) => [...values].sort((a, b) => a - b);
const quantile = (values, p) => sorted(values)[Math.min(values.length - 1, Math.floor(p * values.length))];

function start(folder) {
  const beganMs = performance.now();
  const profiling = options.profile === undefined ? [] : ["--cpu-prof", "--cpu-prof-dir", options.profile];
  const child = spawn("node", [...profiling, BIN, "serve", "--listen", "127.0.0.1:0"], {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  const address = new Promise((done, fail) => {
    child.stderr.on("data", (text) => {
      log += text;
      const match = /listening on (\S+)/.exec(log);
      if (match !== null) done(match[1]);
    });
    child.once("exit", (status) => fail(new Error(`serve ended with ${status}: ${log}`)));
  });
  return { child, address, beganMs, log: () => log };
}

const end = (child) =>
  new Promise((done) => {
    child.once("exit", done);
    child.kill("SIGTERM");
  });

async function timed(url) {
  const beganMs = performance.now();
  const response = await fetch(url);
  await response.arrayBuffer();
  return performance.now() - beganMs;
}

const servers = await loadServers();
if (!servers.victoriaAvailable()) {
  say("bench:serve needs victoria-metrics; apt-get install victoria-metrics");
  servers.remove();
  process.exit(0);
}
const folder = mkdtempSync(join(tmpdir(), "anomaly-bench-serve-"));
const startS = Math.floor(Date.now() / 1000 / MINUTE_S) * MINUTE_S - days * 86_400;
const slots = days * 1440 + AHEAD_MIN;
say(`writing ${series} series of ${slots} values`);
const upstream = await servers.startVictoria([]);
try {
  const AT_ONCE = 50;
  for (let i = 0; i < series; i += AT_ONCE) {
    const body = Array.from({ length: Math.min(AT_ONCE, series - i) }, (_, k) => {
      const { labels, values } = history(i + k, startS, slots);
      return JSON.stringify({
        metric: labels,
        values,
        timestamps: values.map((_, slot) => (startS + slot * MINUTE_S) * 1000),
      });
    }).join("\n");
    const reply = await fetch(`${upstream.url}/api/v1/import`, { method: "POST", body });
    if (!reply.ok) throw new Error(`VictoriaMetrics refused the values: ${reply.status}`);
  }
  await fetch(`${upstream.url}/internal/force_flush`);
  writeFileSync(
    join(folder, "anomaly.yaml"),
    `source: victoriametrics\nvictoriametrics-url: ${upstream.url}\ndetector: ${options.detector}\njobs:\n  load:\n    query: load\n    every: 1m\n`,
  );
  if (options.detector !== "residual") {
    say("training");
    const trained = spawnSync("node", [BIN, "train", "--job", "load", "--from", `-${days}d`, "--step", "1m", "-q"], {
      cwd: folder,
      encoding: "utf8",
    });
    if (trained.status !== 0) throw new Error(trained.stderr);
  }
  const serve = start(folder);
  const address = await serve.address;
  say("first run");
  const firstMs = performance.now();
  while (!(await fetch(`${address}/readyz`)).ok) await wait(100);
  const firstS = (performance.now() - firstMs) / 1000;
  const perCycle = [];
  let before = usage(serve.child.pid);
  let peakMb = before.rssMb;
  const cycle = async (kind, during) => {
    const untilMs = performance.now() + MINUTE_S * 1000;
    while (performance.now() < untilMs) {
      await during();
      peakMb = Math.max(peakMb, usage(serve.child.pid).rssMb);
      await wait(POLL_MS);
    }
    const now = usage(serve.child.pid);
    const { data } = await (await fetch(`${address}/api/v1/runs`)).json();
    perCycle.push({ kind, cpu_s: now.cpuS - before.cpuS, run_s: data[0].seconds, failure: data[0].failure });
    say(`${kind} cycle: ${(now.cpuS - before.cpuS).toFixed(2)} CPU s, run ${data[0].seconds?.toFixed(2)} s`);
    before = now;
  };
  // What a cycle costs by itself; nobody asks.
  for (let i = 0; i < cycles; i++) await cycle("quiet", async () => {});
  const asked = { metrics: [], series: [] };
  for (let i = 0; i < cycles; i++) {
    await cycle("polled", async () => {
      asked.metrics.push(await timed(`${address}/metrics`));
      asked.series.push(await timed(`${address}/api/v1/series?limit=100`));
    });
  }
  const metrics = await (await fetch(`${address}/metrics`)).text();
  const missed = /^anomaly_runs_missed_total\{.*\} (\d+)/m.exec(metrics)?.[1] ?? "0";
  await end(serve.child);
  const again = start(folder);
  const scraped = await timedScrape(again);
  await end(again.child);
  const cpuOf = (kind) =>
    quantile(
      perCycle.filter((one) => one.kind === kind).map((one) => one.cpu_s),
      0.5,
    );
  const figures = {
    series,
    detector: options.detector,
    first_run_s: firstS,
    cycles: perCycle,
    cpu_s_per_cycle: cpuOf("quiet"),
    cpu_s_per_polled_cycle: cpuOf("polled"),
    missed_runs: Number(missed),
    peak_mb: peakMb,
    metrics_ms: { p50: quantile(asked.metrics, 0.5), p99: quantile(asked.metrics, 0.99) },
    series_ms: { p50: quantile(asked.series, 0.5), p99: quantile(asked.series, 0.99) },
    first_scrape_s: scraped,
  };
  if (options.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
  else {
    const ms = ({ p50, p99 }) => `${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms`;
    process.stdout.write(
      [
        `${series} series at 1m, ${options.detector}, ${cycles} cycles quiet, ${cycles} polled`,
        `CPU s a cycle                     ${figures.cpu_s_per_cycle.toFixed(2)} (median)`,
        `CPU s a cycle, polled every ${POLL_MS / 1000} s   ${figures.cpu_s_per_polled_cycle.toFixed(2)} (median)`,
        `first run                         ${firstS.toFixed(1)} s`,
        `peak memory                       ${peakMb.toFixed(0)} MB`,
        `/metrics                          ${ms(figures.metrics_ms)}`,
        `/api/v1/series                    ${ms(figures.series_ms)}`,
        `missed runs                       ${missed}`,
        `start to first scrape             ${scraped.toFixed(2)} s`,
        "",
      ].join("\n"),
    );
  }
} finally {
  await upstream.stop();
  servers.remove();
  rmSync(folder, { recursive: true, force: true });
}

/** Seconds from the start of the process to the first scrape that shows all series. */
async function timedScrape({ address, beganMs }) {
  const at = await address;
  for (;;) {
    const text = await (await fetch(`${at}/metrics`)).text();
    if ((text.match(/^anomaly_status\{/gm) ?? []).length >= series) return (performance.now() - beganMs) / 1000;
    await wait(20);
  }
}
