import { answerTasks } from "../threads/lane-thread.js";
import type { Note, Order, RunReport } from "./run/order.js";
import { servedRuns } from "./run/run-served.js";

/** The thread that runs jobs. Orders are carried out one after the other, but `stop` at once. */
const stop = new AbortController();
const runs = servedRuns({ env: process.env, nowMs: Date.now });
let last: Promise<unknown> = Promise.resolve();

answerTasks<Order, RunReport | null, Note>((order, note) => {
  if (order.kind === "stop") {
    stop.abort(new Error("the server is shutting down"));
    const flush = () => {
      runs.flush();
      return null;
    };
    return last.then(flush, flush);
  }
  const turn = last.then(
    () => carryOut(order, note),
    () => carryOut(order, note),
  );
  last = turn;
  return turn;
});

async function carryOut(
  order: Exclude<Order, { kind: "stop" }>,
  note: (note: Note, transfer?: readonly ArrayBuffer[]) => void,
): Promise<RunReport | null> {
  if (order.kind === "forget") {
    runs.forget(order.name);
    return null;
  }
  if (order.kind === "remember") {
    await runs.remember(order.served, note);
    return null;
  }
  return runs.run(order.served, note, stop.signal, order);
}
