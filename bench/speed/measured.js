import { spawnSync } from "node:child_process";

const WRAPPER = new URL("run-measured.py", import.meta.url).pathname;

/** Runs a command; seconds, CPU seconds, peak memory in MB, and its stdout. Throws with its stderr if it fails. */
export function measured(command, args, { cwd } = {}) {
  const done = spawnSync("python3", [WRAPPER, command, ...args], { cwd, encoding: "utf8", maxBuffer: 1 << 28 });
  if (done.error) throw new Error(`cannot run python3, which measures the commands: ${done.error.message}`);
  if (done.status !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${done.stderr}`);
  return JSON.parse(done.stdout);
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** The medians, name by name, of objects that hold the same numbers. */
export function medians(runs) {
  return Object.fromEntries(Object.keys(runs[0]).map((name) => [name, median(runs.map((run) => run[name]))]));
}
