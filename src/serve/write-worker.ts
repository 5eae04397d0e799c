import { join } from "node:path";
import { answerTasks } from "../threads/lane-thread.js";
import { receiverFolder, receiverName } from "./write/receiver.js";
import { receiverClient } from "./write/receiver-client.js";
import { sendQueue } from "./write/sender.js";
import type { WriteNote, WriteOrder } from "./write/write-order.js";

/** The thread that sends queues to their receivers, each by itself: one that is down holds up no other. */
const stop = new AbortController();
let sending: Promise<unknown> = Promise.resolve();

answerTasks<WriteOrder, null, WriteNote>(async (order, note) => {
  if (order.kind === "stop") {
    stop.abort(new Error("the server is shutting down"));
    await sending.catch(() => {});
    return null;
  }
  const { receivers, folder, tls } = order.settings;
  const all = receivers.map((receiver) =>
    sendQueue({
      folder: join(folder, receiverFolder(receiver)),
      client: receiverClient(receiver, process.env, tls, Date.now),
      onEvent: (event) => note({ receiver: receiverName(receiver), event }),
      signal: stop.signal,
      isOnce: order.isOnce,
    }),
  );
  sending = Promise.all(all);
  await sending;
  return null;
});
