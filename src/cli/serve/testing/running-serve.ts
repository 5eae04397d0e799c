import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** `anomaly serve` as a process of its own. */
export interface RunningServe {
  readonly address: string;
  readonly child: ChildProcess;
  /** What it has written to stderr so far. */
  readonly log: () => string;
  /** Waits until it has written this: its answers and its stderr come by different ways, in no order. */
  readonly logged: (words: RegExp) => Promise<void>;
  readonly get: (
    path: string,
    headers?: Record<string, string>,
  ) => Promise<{ status: number; text: string; headers: Headers }>;
  readonly end: (signal?: NodeJS.Signals) => Promise<{ readonly status: number | null }>;
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
    logged: async (words) => {
      await eventually(() => (words.test(log) ? true : undefined));
    },
    get: async (path, headers = {}) => {
      const response = await fetch(`${address}${path}`, { headers });
      return { status: response.status, text: await response.text(), headers: response.headers };
    },
    end: async (signal = "SIGTERM") => {
      const gone = once(child, "exit");
      child.kill(signal);
      const [status] = await gone;
      return { status };
    },
  };
}

/** For what never comes, not for what is slow: a training with low priority on a busy machine takes a minute. */
const GIVE_UP_MS = 240_000;

/** Asks again until the answer is there. @throws after minutes. */
export async function eventually<T>(ask: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const untilMs = performance.now() + GIVE_UP_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > untilMs) throw new Error(`it did not come within ${GIVE_UP_MS / 1000} s`);
    await new Promise((turn) => setTimeout(turn, 20));
  }
}

/** Asks again until the assertions hold. @throws what the last of them says, after minutes. */
export async function eventuallyHolds(check: () => Promise<void> | void): Promise<void> {
  let failure: unknown;
  await eventually(async () => {
    try {
      await check();
      return true;
    } catch (thrown) {
      failure = thrown;
      return undefined;
    }
  }).catch(() => {
    throw failure;
  });
}
