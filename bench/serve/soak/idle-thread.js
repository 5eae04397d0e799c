import { monitorEventLoopDelay } from "node:perf_hooks";
import { isMainThread, parentPort, Worker } from "node:worker_threads";

/*
 * A thread that does nothing but wait: what its event loop is late by is the machine's doing, which has more to run than processors. It says beside
 * what a server was late by whether the server was the reason.
 */
if (!isMainThread) {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  parentPort.on("message", () => {
    parentPort.postMessage(delay.max / 1e6);
    delay.reset();
  });
}

/** @returns what asks for the longest delay since the question before, ms. */
export function idleThread() {
  const worker = new Worker(new URL(import.meta.url));
  return {
    longestMs: () =>
      new Promise((done) => {
        worker.once("message", done);
        worker.postMessage("");
      }),
    close: () => worker.terminate(),
  };
}
