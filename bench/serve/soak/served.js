import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const BIN = fileURLToPath(new URL("../../../bin/anomaly.js", import.meta.url));

/** `anomaly.yaml` of the one job; an upstream that hangs must not take a whole minute. */
export const settings = (url) =>
  `source: victoriametrics\nvictoriametrics-url: ${url}\ntimeout: 5s\njobs:\n  load:\n    query: load\n    detector: residual\n    settle: 1m\n    every: 10s\n`;

/** An `anomaly serve` in a folder of its own, which can be killed and started again. */
export function served(folder, url, env) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "anomaly.yaml"), settings(url));
  let child;
  let address;
  let log = "";
  const gone = () => new Promise((done) => child.once("exit", done));
  const figures = { rssMb: [], delayMs: [], idleMs: [] };
  return {
    folder,
    figures,
    log: () => log,
    start: async () => {
      child = spawn("node", [BIN, "serve", "--listen", "127.0.0.1:0"], {
        cwd: folder,
        env: { ...process.env, ...env },
        stdio: ["ignore", "ignore", "pipe"],
      });
      address = await new Promise((done, fail) => {
        let own = "";
        child.stderr.on("data", (text) => {
          log += text;
          own += text;
          const match = /listening on (\S+)/.exec(own);
          if (match !== null) done(match[1]);
        });
        child.once("exit", (status) => fail(new Error(`serve ended with ${status}: ${own}`)));
      });
    },
    kill: async (signal) => {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
      const ended = gone();
      child.kill(signal);
      await ended;
    },
    /** Notes memory, and the longest delay of the event loop since the scrape before. @param idleMs that of a thread that does nothing. */
    look: async (idleMs) => {
      const metrics = await (await fetch(`${address}/metrics`)).text();
      const figure = (name) => Number(new RegExp(`^${name} (\\S+)`, "m").exec(metrics)?.[1] ?? Number.NaN);
      figures.rssMb.push(figure("process_resident_memory_bytes") / 1e6);
      figures.delayMs.push(figure("anomaly_event_loop_delay_max_seconds") * 1000);
      figures.idleMs.push(idleMs);
      return figures.delayMs.at(-1);
    },
    /** When the newest run that worked has ended, epoch ms. */
    succeededMs: async () => {
      const { data } = await (await fetch(`${address}/api/v1/runs`)).json();
      return data[0].succeeded_at === null ? 0 : Date.parse(data[0].succeeded_at);
    },
    /** What its records say that must not depend on faults. */
    episodes: () => episodesIn(join(folder, "out/load.ndjson")),
  };
}

/** The episodes of a records file: of which series, from when on, of what kind, how bad. */
export function episodesIn(path) {
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line))
    .map(({ machine, start, kind, score }) => `${machine} ${start} ${kind} ${score}`)
    .sort();
}
