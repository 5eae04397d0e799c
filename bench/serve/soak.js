import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { normal, seededRandom } from "../../dist/math/random.js";
import { loadServers } from "../sources/servers.js";

/*
 * anomaly serve over a real VictoriaMetrics with faults: kill -9 every minute; an upstream that is away, hangs, answers 500, or cuts off
 * its answers. At the end an `infer` that never saw a fault looks at the same data: every episode must be there once, with the same
 * begin and score.
 */

const BIN = fileURLToPath(new URL("../../bin/anomaly.js", import.meta.url));
const MINUTE_S = 60;
const DAYS = 3;
const SERIES = 30;

const { values: options } = parseArgs({ options: { minutes: { type: "string", default: "30" } } });
const minutes = Number(options.minutes);
const say = (text) => process.stderr.write(`${text}\n`);
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

const startS = Math.floor(Date.now() / 1000 / MINUTE_S) * MINUTE_S - DAYS * 86_400;
const slots = DAYS * 1440 + minutes + 30;
/** Every third series has an incident of eight minutes, at another time of the soak each. */
const incidentAt = (i) =>
  i % 3 === 0 ? DAYS * 1440 + 2 + Math.floor(((i / 3) * (minutes - 10)) / (SERIES / 3)) : undefined;

function values(i) {
  const random = seededRandom(i + 1);
  const level = 100 * (1 + random());
  let noise = 0;
  return Array.from({ length: slots }, (_, slot) => {
    noise = 0.8 * noise + normal(random);
    const wave = Math.sin((2 * Math.PI * ((startS / MINUTE_S + slot) % 1440)) / 1440);
    const at = incidentAt(i);
    const factor = at !== undefined && slot >= at && slot < at + 8 ? 3 : 1;
    return Math.round(factor * (level * (1 + 0.3 * wave) + noise) * 100) / 100;
  });
}

/** Stands between serve and its upstream, and does what `mode` says. */
function proxy(upstream) {
  const state = { mode: "good" };
  const server = createServer((asked, answer) => {
    if (state.mode === "away") return asked.socket.destroy();
    if (state.mode === "hangs") return undefined;
    if (state.mode === "500") return answer.writeHead(500).end("out of order");
    const on = request(`${upstream}${asked.url}`, { method: asked.method, headers: asked.headers }, (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers);
      if (state.mode !== "cuts") return reply.pipe(answer);
      reply.once("data", (piece) => {
        answer.write(piece.subarray(0, 100));
        answer.destroy();
      });
    });
    on.on("error", () => answer.destroy());
    asked.pipe(on);
  });
  return new Promise((done) => {
    server.listen(0, "127.0.0.1", () => done({ server, state, url: `http://127.0.0.1:${server.address().port}` }));
  });
}

const servers = await loadServers();
if (!servers.victoriaAvailable()) {
  say("the soak needs victoria-metrics; apt-get install victoria-metrics");
  servers.remove();
  process.exit(0);
}
const folder = mkdtempSync(join(tmpdir(), "anomaly-soak-"));
const upstream = await servers.startVictoria(
  Array.from({ length: SERIES }, (_, i) => ({
    labels: { __name__: "load", instance: `host-${i}` },
    startS,
    stepS: MINUTE_S,
    values: values(i),
  })),
);
const between = await proxy(upstream.url);
const settings = (url) =>
  `source: victoriametrics\nvictoriametrics-url: ${url}\ntimeout: 5s\njobs:\n  load:\n    query: load\n    detector: residual\n    settle: 1m\n    every: 10s\n`;
writeFileSync(join(folder, "anomaly.yaml"), settings(between.url));
writeFileSync(join(folder, "whole.yaml"), settings(upstream.url));

let child;
let address;
async function start() {
  child = spawn("node", [BIN, "serve", "--listen", "127.0.0.1:0"], {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
  });
  address = await new Promise((done) => {
    let log = "";
    child.stderr.on("data", (text) => {
      log += text;
      const match = /listening on (\S+)/.exec(log);
      if (match !== null) done(match[1]);
    });
  });
}
const gone = () => new Promise((done) => child.once("exit", done));

try {
  await start();
  const FAULTS = ["good", "away", "hangs", "500", "cuts"];
  const rss = [];
  let worstDelayS = 0;
  let kills = 0;
  const untilMs = Date.now() + minutes * 60_000;
  for (let minute = 0; Date.now() < untilMs; minute++) {
    await wait(20_000);
    between.state.mode = FAULTS[minute % FAULTS.length];
    say(`minute ${minute}: upstream ${between.state.mode}`);
    await wait(20_000);
    between.state.mode = "good";
    await wait(20_000 - (minute % 7) * 1000);
    const metrics = await (await fetch(`${address}/metrics`)).text();
    const figure = (name) => Number(new RegExp(`^${name} (\\S+)`, "m").exec(metrics)?.[1] ?? 0);
    rss.push(figure("process_resident_memory_bytes") / 1e6);
    worstDelayS = Math.max(worstDelayS, figure("anomaly_event_loop_delay_max_seconds"));
    const killed = gone();
    child.kill("SIGKILL");
    await killed;
    kills++;
    await start();
  }
  // One last run on a good upstream.
  const lastMs = Date.now();
  for (;;) {
    const { data } = await (await fetch(`${address}/api/v1/runs`)).json();
    if (data[0].succeeded_at !== null && Date.parse(data[0].succeeded_at) > lastMs + 5000) break;
    await wait(500);
  }
  const ended = gone();
  child.kill("SIGTERM");
  await ended;
  const whole = spawnSync(
    "node",
    [BIN, "infer", "--config", "whole.yaml", "--job", "load", "--fresh", "-o", "whole.ndjson", "-q"],
    { cwd: folder, encoding: "utf8" },
  );
  if (whole.status !== 0) throw new Error(whole.stderr);
  const read = (file) =>
    readFileSync(join(folder, file), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));
  const key = ({ machine, start, kind, score }) => `${machine} ${start} ${kind} ${score}`;
  const soaked = read("out/load.ndjson").map(key).sort();
  const calm = read("whole.ndjson").map(key).sort();
  const lost = calm.filter((one) => !soaked.includes(one));
  const extra = soaked.filter((one) => !calm.includes(one));
  const doubled = soaked.filter((one, i) => soaked[i - 1] === one);
  process.stdout.write(
    [
      `${minutes} minutes, ${kills} × kill -9, ${SERIES} series`,
      `episodes          ${calm.length} by infer, ${soaked.length} by serve; ${lost.length} lost, ${extra.length} others, ${doubled.length} doubled`,
      ...lost.map((one) => `  lost   ${one}`),
      ...extra.map((one) => `  other  ${one}`),
      `memory            ${Math.min(...rss).toFixed(0)} to ${Math.max(...rss).toFixed(0)} MB a minute after each start`,
      `event loop        ${(worstDelayS * 1000).toFixed(0)} ms at most`,
      "",
    ].join("\n"),
  );
  process.exitCode = lost.length + doubled.length > 0 ? 1 : 0;
} finally {
  if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
  between.server.closeAllConnections();
  between.server.close();
  await upstream.stop();
  servers.remove();
  rmSync(folder, { recursive: true, force: true });
}
