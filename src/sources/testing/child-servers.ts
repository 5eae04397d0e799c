import type { ChildProcess } from "node:child_process";
import { createConnection, createServer } from "node:net";

/**
 * Below the ports that the kernel gives to connections and to whoever listens on port 0 (on Linux from 32768, in some sandboxes from
 * 16000): those are anybody's again in the seconds until the server of the test takes its port, and while it is down.
 */
const FIRST_PORT = 10_000;
const PORTS_OF_A_PROCESS = 32;
const BLOCKS = 180;
let taken = 0;

/** Ports that are free, each handed out once: every process has a block of its own. */
export async function freePorts(count: number): Promise<number[]> {
  const first = FIRST_PORT + (process.pid % BLOCKS) * PORTS_OF_A_PROCESS;
  const ports: number[] = [];
  while (ports.length < count) {
    const port = first + (taken++ % PORTS_OF_A_PROCESS);
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

const POLL_MS = 100;
const START_TIMEOUT_MS = 240_000;

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
