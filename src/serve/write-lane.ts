import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { outputError } from "../files/atomic.js";
import { acquireLock, lockPath } from "../files/lock.js";
import { type Lane, openLane } from "../threads/lane.js";
import { receiverFolder, receiverName } from "./write/receiver.js";
import type { SendEvent } from "./write/sender.js";
import type { WriteNote, WriteOrder, WriteSettings } from "./write/write-order.js";

export interface WriteEvents {
  readonly onEvent: (receiver: string, event: SendEvent) => void;
  readonly onThreadDeath: (reason: string) => void;
}

/** Sends the queues in a thread of their own. */
export interface WriteLane {
  /** Sends whatever is queued, from now on, until `close`. */
  readonly start: () => void;
  /** Sends what is queued now, as far as the receivers take it. */
  readonly once: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** For requests that are under way when the process is asked to end. */
const STOP_MS = 2000;
/** After the thread has died. */
const RESTART_MS = 1000;

/** @throws LockedError while another process sends the same queues: both would send the same samples. */
export function writeLane(settings: WriteSettings, { onEvent, onThreadDeath }: WriteEvents): WriteLane {
  for (const receiver of settings.receivers) makeQueue(join(settings.folder, receiverFolder(receiver)));
  const lock = acquireLock(lockPath(join(settings.folder, "queues")));
  const lane: Lane = openLane(new URL("./write-worker.js", import.meta.url), onThreadDeath);
  let isClosed = false;
  const send = (isOnce: boolean) =>
    lane.do<WriteOrder, null, WriteNote>({ kind: "send", settings, isOnce }, ({ receiver, event }) =>
      onEvent(receiver, event),
    );
  const start = () => {
    send(false).catch(() => {
      if (!isClosed) setTimeout(start, RESTART_MS).unref();
    });
  };
  return {
    start: () => {
      for (const receiver of settings.receivers) {
        onEvent(receiverName(receiver), { kind: "queue", requests: 0, samples: 0, bytes: 0 });
      }
      start();
    },
    once: async () => {
      await send(true);
    },
    close: async () => {
      isClosed = true;
      const late = new Promise<void>((done) => {
        setTimeout(done, STOP_MS).unref();
      });
      await Promise.race([lane.do<WriteOrder, null>({ kind: "stop" }).catch(() => null), late]);
      await lane.close();
      lock.release();
    },
  };
}

function makeQueue(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw outputError(folder, cause);
  }
}
