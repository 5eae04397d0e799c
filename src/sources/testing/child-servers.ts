import type { ChildProcess } from "node:child_process";
import { createConnection, createServer } from "node:net";

/** Ports that are free now; all are held until the last is found, so that they differ. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve) => {
          const server = createServer().listen(0, "127.0.0.1", () => resolve(server));
        }),
    ),
  );
  return Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) => {
          const address = server.address();
          server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
        }),
    ),
  );
}

const POLL_MS = 100;
const START_TIMEOUT_MS = 120_000;

/** Starting processes say nothing when they are ready, so they are asked until they answer. */
export async function until(
  ready: () => Promise<boolean>,
  children: readonly ChildProcess[],
  name: string,
): Promise<void> {
  for (const giveUpMs = Date.now() + START_TIMEOUT_MS; !(await ready()); ) {
    if (children.some((child) => child.exitCode !== null) || Date.now() > giveUpMs) {
      throw new Error(`no answer from ${name}: a server of the test did not start`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

export async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

export function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, "127.0.0.1");
    socket.once("error", () => resolve(false));
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });
}

export async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
}
