import { type ChildProcess, spawn } from "node:child_process";
import { lstatSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ensureBuilt, freshFolder } from "../../cli/testing/built.js";

export interface Ended {
  /** Null when a signal ended it. */
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** What is piped in; absent: stdin is /dev/null. */
  readonly stdin?: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** A folder as a user has it, in which real commands run in a real shell. */
export interface Place {
  readonly folder: string;
  /** A shell line that ends by itself. Not in this process, because servers of the test live here and must answer. */
  sh(line: string, options?: RunOptions): Promise<Ended>;
  /** A line whose process is the command itself, so that a signal reaches it. */
  start(line: string, options?: RunOptions): Started;
  path(...parts: string[]): string;
  read(...parts: string[]): string;
  /** Names of all files under a folder of the place, sorted, hidden ones too; none where there is no folder. */
  files(...parts: string[]): readonly string[];
  /** Size and time of every file, to see that a command has touched nothing. */
  snapshot(): Readonly<Record<string, string>>;
  remove(): void;
}

/** Builds first where that is needed. The environment is empty but for what is given, so that nobody's settings interfere. */
export function openPlace(options: { readonly data?: boolean; readonly env?: RunOptions["env"] } = {}): Place {
  ensureBuilt();
  const { folder, path } = freshFolder({ data: options.data });
  const children = new Set<ChildProcess>();
  const start = (line: string, run: RunOptions = {}): Started => {
    const child = spawn("bash", ["-o", "pipefail", "-c", line], {
      cwd: folder,
      env: { PATH: path, HOME: folder, ...options.env, ...run.env },
      stdio: [run.stdin === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    });
    children.add(child);
    child.stdin?.on("error", () => {
      // The command may end without having read all of it.
    });
    child.stdin?.end(run.stdin);
    const ended = new Promise<Ended>((done) => {
      const text = { stdout: "", stderr: "" };
      for (const name of ["stdout", "stderr"] as const) {
        child[name]?.setEncoding("utf8").on("data", (chunk: string) => {
          text[name] += chunk;
        });
      }
      child.once("close", (status, signal) => {
        children.delete(child);
        done({ status, signal, ...text });
      });
    });
    return { child, ended };
  };
  return {
    folder,
    start: (line, run) => start(`exec ${line}`, run),
    sh: (line, run) => start(line, run).ended,
    path: (...parts) => join(folder, ...parts),
    read: (...parts) => readFileSync(join(folder, ...parts), "utf8"),
    files: (...parts) => filesUnder(join(folder, ...parts)),
    snapshot: () =>
      Object.fromEntries(
        filesUnder(folder).map((name) => {
          const { size, mtimeMs } = lstatSync(join(folder, name));
          return [name, `${size} bytes at ${mtimeMs}`];
        }),
      ),
    remove: () => {
      for (const child of children) child.kill("SIGKILL");
      // They may still be writing while they are being killed.
      rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
    },
  };
}

function filesUnder(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .sort();
  } catch {
    return [];
  }
}

/** Newline-delimited JSON as objects. */
export function parseLines<T>(text: string): readonly T[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as T);
}
