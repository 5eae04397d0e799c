import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** `anomaly serve` as a process of its own. */
export interface RunningServe {
  readonly address: string;
  readonly child: ChildProcess;
  /** What it has written to stderr so far. */
  readonly log: () => string;
  readonly get: (
    path: string,
    headers?: Record<string, string>,
  ) => Promise<{ status: number; text: string; headers: Headers }>;
  /** @returns its exit status, and the seconds it took. */
  readonly end: (signal?: NodeJS.Signals) => Promise<{ readonly status: number | null; readonly seconds: number }>;
}

/** Starts it on a free port and waits until it listens. @throws what it wrote where it ended instead. */
export async function startServe(
  place: { readonly folder: string; readonly path: string },
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<RunningServe> {
  const child = spawn("anomaly", ["serve", "--listen", "127.0.0.1:0", ...args], {
    cwd: place.folder,
    env: { PATH: place.path, HOME: place.folder, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  const address = await new Promise<string>((resolve, reject) => {
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      log += text;
      const match = /listening on (\S+)/.exec(log);
      if (match !== null) resolve(match[1]);
    });
    child.once("exit", (status) => reject(new Error(`serve ended with ${status}: ${log}`)));
  });
  return {
    address,
    child,
    log: () => log,
    get: async (path, headers = {}) => {
      const response = await fetch(`${address}${path}`, { headers });
      return { status: response.status, text: await response.text(), headers: response.headers };
    },
    end: async (signal = "SIGTERM") => {
      const beganMs = performance.now();
      const gone = once(child, "exit");
      child.kill(signal);
      const [status] = await gone;
      return { status, seconds: (performance.now() - beganMs) / 1000 };
    },
  };
}

/** Asks again until the answer is there. @throws after half a minute, with the last answer. */
export async function eventually<T>(ask: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const untilMs = performance.now() + 30_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > untilMs) throw new Error("it did not come within 30 s");
    await new Promise((turn) => setTimeout(turn, 20));
  }
}
