/* Longer than most: the promises about real processes share one fresh folder, and one build, a test. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { BIN, ensureBuilt, freshFolder, ROOT } from "./testing/built.js";

let folder: string;
const children: ChildProcess[] = [];

beforeAll(ensureBuilt);
beforeEach(() => {
  folder = freshFolder().folder;
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  // They may still be writing while they are being killed.
  rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
});

function anomaly(...args: readonly string[]) {
  return spawnSync(process.execPath, [BIN, ...args], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}

function shell(line: string) {
  const script = line.replaceAll("anomaly ", `${JSON.stringify(process.execPath)} ${JSON.stringify(BIN)} `);
  return spawnSync("bash", ["-o", "pipefail", "-c", script], { cwd: folder, encoding: "utf8" });
}

function start(...args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [BIN, ...args], { cwd: folder, stdio: "ignore" });
  children.push(child);
  return child;
}

const ended = (child: ChildProcess) =>
  new Promise<{ code: number | null; signal: string | null }>((done) =>
    child.once("exit", (code, signal) => done({ code, signal })),
  );

/** Resolves once the path is there; the child's end ends the waiting too. */
async function appears(path: string, child: ChildProcess): Promise<void> {
  while (!existsSync(path) && child.exitCode === null) await new Promise((turn) => setImmediate(turn));
}

const hidden = (path: string) => readdirSync(path).filter((name) => name.startsWith("."));
const train = () => expect(anomaly("train", "data/fleet/history", "--quiet").status).toBe(0);

describe("streams", () => {
  test("a reader that goes away early is no error", () => {
    expect(shell("anomaly completion bash | head -1").status).toBe(0);
    train();
    expect(shell("anomaly infer data/fleet --lookback 3d --quiet | head -c 10").status).toBe(0);
  });

  test("stdout holds records only; --quiet says nothing when all is well", () => {
    train();
    const run = anomaly("infer", "data/fleet", "--quiet");
    expect(run.stderr).toBe("");
    const records = run.stdout.trimEnd().split("\n");
    expect(records.length).toBeGreaterThan(0);
    for (const line of records) expect(JSON.parse(line)).toMatchObject({ schema: "anomaly/1" });
  });

  test("the lines of a crontab print nothing when all is well: cron would mail every word", () => {
    train();
    const lines = [
      "anomaly infer data/fleet --quiet -o out/anomalies.ndjson",
      "anomaly hydrate out/anomalies.ndjson --data data/fleet --quiet -o out/hydrated.ndjson",
      "anomaly plot out/hydrated.ndjson --overview-only --quiet -o out/plots",
    ];
    for (const line of lines) expect(shell(line)).toMatchObject({ stdout: "", stderr: "", status: 0 });
    expect(existsSync(join(folder, "out/plots/overview.png"))).toBe(true);
  });

  test("where stdout leads nowhere the records go to out/anomalies.ndjson", () => {
    train();
    expect(shell("anomaly infer data/fleet -q > /dev/null").status).toBe(0);
    expect(readFileSync(join(folder, "out/anomalies.ndjson"), "utf8")).toContain('"schema":"anomaly/1"');
  });

  test("a device is written into and stays a device; nothing is written through a link", () => {
    train();
    expect(anomaly("infer", "data/fleet", "-q", "-o", "/dev/null").status).toBe(0);
    expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
    writeFileSync(join(folder, "precious"), "");
    symlinkSync("precious", join(folder, "link.ndjson"));
    const refused = anomaly("infer", "data/fleet", "-q", "-o", "link.ndjson");
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain("cannot write link.ndjson: it is a symbolic link to precious");
    expect(readFileSync(join(folder, "precious"), "utf8")).toBe("");
    expect(anomaly("infer", "data/fleet", "-q", "-o", "real.ndjson").status).toBe(0);
    expect(shell("anomaly infer data/fleet -q -o /dev/stdout | wc -l").stdout.trim()).toBe(
      String(readFileSync(join(folder, "real.ndjson"), "utf8").trimEnd().split("\n").length),
    );
  });

  test("log lines can be JSON, one object per line", () => {
    train();
    const { stderr } = anomaly("infer", "data/fleet", "--log-format", "json");
    const lines = stderr
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { level: string; ok?: number });
    expect(lines.find(({ ok }) => ok !== undefined)).toMatchObject({ level: "info", ok: 18 });
  });
});

describe("the same data twice", () => {
  test("gives no second record, the same bytes, and nothing for --new", () => {
    train();
    const first = anomaly("infer", "data/fleet", "--lookback", "3d", "-o", "out/a.ndjson");
    expect(first.status).toBe(0);
    const before = readFileSync(join(folder, "out/a.ndjson"), "utf8");
    expect(anomaly("infer", "data/fleet", "--lookback", "3d", "-o", "out/a.ndjson").status).toBe(0);
    expect(readFileSync(join(folder, "out/a.ndjson"), "utf8")).toBe(before);
    expect(anomaly("infer", "data/fleet", "--lookback", "3d", "--new").stdout).toBe("");
  });

  test("an episode that is looked at while it continues keeps its id until it is closed", () => {
    train();
    const records = () =>
      readFileSync(join(folder, "out/a.ndjson"), "utf8")
        .trimEnd()
        .split("\n")
        .map(
          (line) =>
            JSON.parse(line) as { id: string; status: string; machine: string; aggregator: string; start: string },
        );
    // Two days in steps of two hours, as cron would: the ids must be those of one look at the whole.
    for (let hour = 2; hour <= 48; hour += 2) {
      const at = new Date(Date.UTC(2025, 6, 1, hour)).toISOString();
      expect(anomaly("infer", "data/fleet", "-q", "--at", at, "--lookback", "6h", "-o", "out/a.ndjson").status).toBe(0);
    }
    const stepwise = records();
    expect(new Set(stepwise.map(({ id }) => id)).size).toBe(stepwise.length);
    const starts = stepwise.map(({ machine, aggregator, start: at }) => `${machine} ${aggregator} ${at}`);
    rmSync(join(folder, "out"), { recursive: true });
    mkdirSync(join(folder, "out"));
    const at = ["--at", "2025-07-03T00:00Z", "--lookback", "2d"];
    expect(anomaly("infer", "data/fleet", "-q", ...at, "-o", "out/a.ndjson").status).toBe(0);
    const atOnce = records().map(({ machine, aggregator, start: begun }) => `${machine} ${aggregator} ${begun}`);
    expect(starts.sort()).toEqual(atOnce.sort());
  }, 600_000);
});

describe("two runs at once", () => {
  test("the second one stops with status 75 and names the first one's pid", async () => {
    train();
    const holder = spawn(process.execPath, ["-e", "console.log('up'); setInterval(() => {}, 1e6)"]);
    children.push(holder);
    await new Promise((up) => holder.stdout?.once("data", up));
    mkdirSync(join(folder, "out/state"), { recursive: true });
    const lock = join(folder, "out/state/.default.json.lock");
    writeFileSync(lock, JSON.stringify({ pid: holder.pid, processStart: null, boot: null }));
    const run = anomaly("infer", "data/fleet", "-o", "out/a.ndjson");
    expect(run.status).toBe(75);
    expect(run.stderr).toContain(`pid ${holder.pid}`);
    expect(existsSync(join(folder, "out/a.ndjson"))).toBe(false);
    const gone = ended(holder);
    holder.kill("SIGKILL");
    await gone;
    expect(anomaly("infer", "data/fleet", "-o", "out/a.ndjson").status).toBe(0);
    expect(existsSync(lock)).toBe(false);
  });

  test("of many started together each either runs or says 75, and the file is whole", async () => {
    train();
    const runs = Array.from({ length: 4 }, () => ended(start("infer", "data/fleet", "-q", "-o", "out/a.ndjson")));
    const codes = (await Promise.all(runs)).map(({ code }) => code);
    expect(codes).toContain(0);
    expect(codes.every((code) => code === 0 || code === 75)).toBe(true);
    for (const line of readFileSync(join(folder, "out/a.ndjson"), "utf8").trimEnd().split("\n")) JSON.parse(line);
    expect(hidden(join(folder, "out"))).toEqual([]);
  }, 600_000);
});

describe("a run that is ended from outside", () => {
  test("by kill -9 at any moment leaves whole files, and the next run takes over and clears up", async () => {
    train();
    expect(anomaly("infer", "data/fleet", "-q", "--lookback", "3d", "-o", "out/a.ndjson").status).toBe(0);
    const whole = readFileSync(join(folder, "out/a.ndjson"), "utf8");
    const lock = join(folder, "out/.a.ndjson.lock");
    for (let round = 0; round < 4; round++) {
      const child = start("infer", "data/fleet", "-q", "--lookback", "3d", "-o", "out/a.ndjson");
      const end = ended(child);
      // From the moment it holds the lock on, each round some more turns of the loop later.
      await appears(lock, child);
      for (let turn = 0; turn < round * 400; turn++) await new Promise((next) => setImmediate(next));
      child.kill("SIGKILL");
      await end;
      expect(readFileSync(join(folder, "out/a.ndjson"), "utf8")).toBe(whole);
    }
    // What a write that was cut short leaves, made by hand because it cannot be timed.
    const dead = spawnSync(process.execPath, ["-e", "console.log(process.pid)"], { encoding: "utf8" }).stdout.trim();
    writeFileSync(join(folder, `out/.a.ndjson.${dead}.0123abcd.tmp`), whole.slice(0, 100));
    expect(anomaly("infer", "data/fleet", "-q", "--lookback", "3d", "-o", "out/a.ndjson").status).toBe(0);
    expect(hidden(join(folder, "out"))).toEqual([]);
  }, 600_000);

  test("by Ctrl-C ends with 130 and leaves no temporary file", async () => {
    const child = start("simulate", "out/fleet", "--machines", "100", "--days", "200");
    const end = ended(child);
    await appears(join(folder, "out/fleet/history"), child);
    child.kill("SIGINT");
    expect(await end).toEqual({ code: 130, signal: null });
    expect(hidden(join(folder, "out/fleet/history"))).toEqual([]);
    expect(existsSync(join(folder, "out/fleet/truth.json"))).toBe(false);
  }, 600_000);
});

describe("places that cannot be written", () => {
  test("a file in the way is named, and nothing else is touched", () => {
    train();
    writeFileSync(join(folder, "out/file"), "mine");
    const run = anomaly("infer", "data/fleet", "-o", "out/file/a.ndjson");
    expect(run.status).toBe(1);
    expect(run.stderr).toContain("out/file");
    expect(readFileSync(join(folder, "out/file"), "utf8")).toBe("mine");
  });

  test.skipIf(process.getuid?.() === 0)("a read-only folder is named (not as root, who may write everywhere)", () => {
    train();
    mkdirSync(join(folder, "closed"), { mode: 0o555 });
    const run = anomaly("infer", "data/fleet", "-o", "closed/a.ndjson");
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(/cannot write closed.*may not be written here/);
  });

  test("a full device behind stdout is one sentence, not a stack trace (where there is /dev/full)", (context) => {
    if (!existsSync("/dev/full")) context.skip("there is no /dev/full here");
    const run = shell("anomaly help train > /dev/full");
    expect(run.stderr).toBe("error: cannot write to stdout: the disk is full; free some space\n");
    expect(run.status).toBe(1);
  });

  test("a full disk says so, keeps the old file and leaves nothing half-written (where a tmpfs can be mounted)", (context) => {
    train();
    const small = join(folder, "small");
    mkdirSync(small);
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=32k", "tmpfs", small], { stdio: "pipe" });
    } catch {
      context.skip("a tmpfs cannot be mounted here");
    }
    try {
      writeFileSync(join(small, "a.ndjson"), "");
      const run = anomaly("infer", "data/fleet", "--lookback", "3d", "-o", "small/a.ndjson");
      expect(run.status).toBe(0);
      const whole = readFileSync(join(small, "a.ndjson"), "utf8");
      const full = anomaly("hydrate", "small/a.ndjson", "--data", "data/fleet", "-o", "small/h.ndjson");
      expect(full.status).toBe(1);
      expect(full.stderr).toContain("the disk is full");
      expect(readFileSync(join(small, "a.ndjson"), "utf8")).toBe(whole);
      expect(readdirSync(small).sort()).toEqual(["a.ndjson"]);
    } finally {
      execFileSync("umount", [small]);
    }
  });
});

describe("what a start loads", () => {
  // A hook on the loader writes down every file that is imported, and at the end those that were required.
  const hook = `import { appendFileSync } from "node:fs";
    export async function load(url, context, next) {
      appendFileSync(process.env.LOADED, url + "\\n");
      return next(url, context);
    }`;
  const register = `import { appendFileSync } from "node:fs"; import { createRequire, register } from "node:module";
    const { cache } = createRequire(process.argv[1]);
    process.on("exit", () => appendFileSync(process.env.LOADED, Object.keys(cache).join("\\n")));
    register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(hook)}`)});`;

  /** The packages that a command loads, and the files of the program itself. */
  function loaded(...args: readonly string[]): {
    readonly packages: readonly string[];
    readonly own: readonly string[];
  } {
    const log = join(folder, "loaded");
    rmSync(log, { force: true });
    const run = spawnSync(
      process.execPath,
      ["--import", `data:text/javascript,${encodeURIComponent(register)}`, BIN, ...args],
      { cwd: folder, encoding: "utf8", env: { ...process.env, LOADED: log } },
    );
    expect(run.status, run.stderr).toBe(0);
    const files = readFileSync(log, "utf8");
    const found = (pattern: RegExp) => [...new Set([...files.matchAll(pattern)].map(([, name]) => name))];
    return { packages: found(/node_modules\/((?:@[^/]+\/)?[^/\n]+)/g), own: found(/dist\/bundle\/([^/\n]+)/g) };
  }

  // Loading a file takes about 0.7 ms, whatever is in it, and all of Node 60 ms (docs/performance.md).
  test("--version loads one file of the program, help and infer of CSV a handful", () => {
    train();
    expect(loaded("--version")).toEqual({ packages: [], own: ["main.js"] });
    expect(loaded("train", "--help").own.length).toBeLessThanOrEqual(5);
    const { own } = loaded("infer", "data/fleet", "-q", "-o", "out/a.ndjson");
    expect(own).toContain("infer.js");
    expect(own.length).toBeLessThanOrEqual(6);
  });

  test("the big libraries are loaded by the commands that use them, and by no other", () => {
    expect(loaded("train", "--help").packages).toEqual([]);
    const heavy = ["undici", "vega", "vega-lite", "@resvg/resvg-js"];
    const training = loaded("train", "data/fleet/history", "-q").packages;
    expect(training).toContain("commander");
    // Only files with quotes need csv-parse, and only records that somebody else has written the schema's library.
    expect(training.filter((name) => ["csv-parse", "zod"].includes(name))).toEqual([]);
    const inferring = loaded("infer", "data/fleet", "-q", "-o", "out/a.ndjson").packages;
    expect([...training, ...inferring].filter((name) => heavy.includes(name))).toEqual([]);
    const plotting = loaded("plot", "out/a.ndjson", "--data", "data/fleet", "-q", "--overview-only").packages;
    expect(plotting).toContain("vega");
    expect(plotting).not.toContain("undici");
  }, 600_000);

  test("every thread has its file beside the program's, without which all work would be done in one", () => {
    const sources = join(ROOT, "src");
    const named = (readdirSync(sources, { recursive: true }) as string[])
      .filter((path) => path.endsWith(".ts") && !/\.(spec|e2e|bench)\.ts$/.test(path))
      .flatMap((path) => [...readFileSync(join(sources, path), "utf8").matchAll(/new URL\("\.\/([^"]+-worker)\.js"/g)])
      .map(([, name]) => `${name}.js`);
    expect(named.length).toBeGreaterThanOrEqual(5);
    expect(readdirSync(join(ROOT, "dist/bundle"))).toEqual(expect.arrayContaining(named));
  });
});
