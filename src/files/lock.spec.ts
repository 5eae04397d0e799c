import { type ChildProcess, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { EXIT, LockedError } from "../errors/errors.js";
import { acquireLock } from "./lock.js";

let folder: string;
let path: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lock-"));
  path = join(folder, "records.lock");
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** A process that lives until it is killed. */
async function living(): Promise<ChildProcess> {
  const child = spawn(process.execPath, ["-e", "console.log('up'); setInterval(() => {}, 1e6)"]);
  children.push(child);
  await new Promise((up) => child.stdout?.once("data", up));
  return child;
}

const gone = (child: ChildProcess) =>
  new Promise((done) => {
    child.once("exit", done);
    child.kill("SIGKILL");
  });

const startOf = (pid: number) => readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ")[19];

describe("a lock file", () => {
  test("is there while it is held and gone when it is released", () => {
    const lock = acquireLock(path);
    expect(existsSync(path)).toBe(true);
    lock.release();
    lock.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  test("held by a living process is refused with status 75, its pid and its file", async () => {
    const { pid } = await living();
    writeFileSync(path, JSON.stringify({ pid, processStart: startOf(pid!), boot: null }));
    const refused = () => acquireLock(path);
    expect(refused).toThrow(LockedError);
    expect(refused).toThrow(`pid ${pid}`);
    expect(refused).toThrow(path);
    try {
      refused();
    } catch (thrown) {
      expect((thrown as LockedError).exitCode).toBe(EXIT.locked);
    }
    expect(readdirSync(folder)).toEqual(["records.lock"]);
  });

  test("of a process killed with -9 is taken over", async () => {
    const child = await living();
    writeFileSync(path, JSON.stringify({ pid: child.pid, processStart: startOf(child.pid!), boot: null }));
    await gone(child);
    const lock = acquireLock(path);
    expect(JSON.parse(readFileSync(path, "utf8")).pid).toBe(process.pid);
    lock.release();
  });

  test("whose pid now belongs to another process is taken over", async () => {
    const { pid } = await living();
    writeFileSync(path, JSON.stringify({ pid, processStart: "1", boot: null }));
    acquireLock(path).release();
    expect(existsSync(path)).toBe(false);
  });

  test("of an earlier boot of this machine is taken over", async () => {
    const { pid } = await living();
    const own = acquireLock(path);
    const { host } = JSON.parse(readFileSync(path, "utf8"));
    own.release();
    writeFileSync(path, JSON.stringify({ host, pid, processStart: startOf(pid!), boot: "an-earlier-boot" }));
    acquireLock(path).release();
    expect(existsSync(path)).toBe(false);
  });

  test.each([
    ["another machine, whatever runs here under its pid", { host: "n7/0123", pid: 1, processStart: "1", boot: "x" }],
    ["version 0.1 and another boot, which may be another machine's", { pid: 1, processStart: "1", boot: "x" }],
  ])("of %s is honoured until its heartbeat has stopped for five minutes", (_, holder) => {
    writeFileSync(path, JSON.stringify(holder));
    expect(() => acquireLock(path)).toThrow(LockedError);
    const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);
    utimesSync(path, ago(4), ago(4));
    expect(() => acquireLock(path)).toThrow(LockedError);
    utimesSync(path, ago(6), ago(6));
    acquireLock(path).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  test("of another machine is refused with its name, made harmless", () => {
    writeFileSync(path, JSON.stringify({ host: "n7\u001b[31m/0123", pid: 5, processStart: "1", boot: "x" }));
    expect(() => acquireLock(path)).toThrow(/another run \(pid 5 on n7\?\?31m\) holds/);
  });

  test("is touched while it is held, and no more after its release", () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    try {
      const lock = acquireLock(path);
      const content = readFileSync(path, "utf8");
      utimesSync(path, new Date(0), new Date(0));
      vi.advanceTimersByTime(20_000);
      expect(Date.now() - statSync(path).mtimeMs).toBeLessThan(60_000);
      expect(readFileSync(path, "utf8")).toBe(content);
      lock.release();
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  test("that is still empty is somebody's who is just writing it, until it is old", () => {
    writeFileSync(path, "");
    expect(() => acquireLock(path)).toThrow(LockedError);
    utimesSync(path, new Date(0), new Date(0));
    acquireLock(path).release();
    expect(existsSync(path)).toBe(false);
  });

  test("twice in one process is refused as between two", () => {
    const lock = acquireLock(path);
    expect(() => acquireLock(path)).toThrow(LockedError);
    lock.release();
  });

  test("where a folder is in the way the sentence names it", () => {
    mkdirSync(path);
    expect(() => acquireLock(path)).toThrow(path);
  });
});
