import { count } from "../wording/count.js";
import type { WriteMetrics } from "./exposition/write-metrics.js";
import { receiverFolder, receiverName } from "./write/receiver.js";
import type { SendEvent } from "./write/sender.js";
import type { WriteSettings } from "./write/write-order.js";
import type { Queued, QueueSpec } from "./write/write-queues.js";
import { type WriteLane, writeLane } from "./write-lane.js";

type Log = (level: "debug" | "info" | "warn" | "error", message: string, job?: string) => void;

/** Remote write, as a server needs it: where runs queue, what sends, and what is said of it. */
export interface Writing extends WriteLane {
  readonly queues: QueueSpec;
  readonly onQueued: (job: string, queued: Queued) => void;
}

/** @param metrics absent for a single run, which shows none. @throws LockedError while another process sends the same queues. */
export function writing(settings: WriteSettings, log: Log, metrics?: WriteMetrics): Writing {
  const failing = new Set<string>();
  const names = new Map(settings.receivers.map((one) => [receiverFolder(one), receiverName(one)]));
  const onEvent = (receiver: string, event: SendEvent) => {
    metrics?.onEvent(receiver, event);
    switch (event.kind) {
      case "sent":
        if (failing.delete(receiver)) log("info", `${receiver} takes samples again`);
        return;
      case "failed":
        // Once per outage: the metric counts the tries.
        if (!failing.has(receiver)) log("warn", `${receiver}: ${event.said}; what is scored meanwhile is queued`);
        failing.add(receiver);
        return;
      case "dropped": {
        const words = `${receiver}: ${count(event.samples, "sample")} dropped (${event.reason}): ${event.words}`;
        if (event.reason === "there") log("debug", `${receiver}: ${count(event.samples, "sample")} sent before`);
        else log("warn", event.reason === "address" ? `${words}; ${ADDRESS_ADVICE}` : words);
        return;
      }
      case "queue":
        return;
    }
  };
  const lane = writeLane(settings, {
    onEvent,
    onThreadDeath: (reason) => log("error", `the thread of remote write has died and is started again: ${reason}`),
  });
  return {
    ...lane,
    queues: { folder: settings.folder, receivers: [...names.keys()], mostBytes: settings.mostBytes },
    onQueued: (job, { samples, twins, dropped }) => {
      log("debug", `queued ${count(samples, "sample")} for remote write`, job);
      if (twins > 0) {
        log("warn", `${count(twins, "series", "series")} are not written: others have the same labels`, job);
      }
      for (const one of dropped) {
        const receiver = names.get(one.receiver) ?? one.receiver;
        metrics?.onDropped(receiver, "buffer_full", one.samples);
        log("warn", `${receiver}: ${count(one.samples, "sample")}, the oldest, dropped to stay within --write-buffer`);
      }
    },
  };
}

const ADDRESS_ADVICE = "check the address; Prometheus takes samples with --web.enable-remote-write-receiver only";
