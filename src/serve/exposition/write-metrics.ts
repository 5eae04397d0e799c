import { Counter, Gauge, type Registry } from "prom-client";
import type { SendEvent } from "../write/sender.js";

/** What remote write says of itself. */
export interface WriteMetrics {
  readonly onEvent: (receiver: string, event: SendEvent) => void;
  /** Samples that were given up before they were sent. */
  readonly onDropped: (receiver: string, reason: "buffer_full", samples: number) => void;
}

export function writeMetrics(registry: Registry, nowMs: () => number): WriteMetrics {
  const registers = [registry];
  const sent = new Counter({
    registers,
    name: "anomaly_write_sent_samples_total",
    help: "Samples that the receiver of remote write has taken.",
    labelNames: ["receiver"],
  });
  const dropped = new Counter({
    registers,
    name: "anomaly_write_dropped_samples_total",
    help: "Samples that were given up, by reason: refused or too old for the receiver, no receiver at the address, or the buffer was full.",
    labelNames: ["receiver", "reason"],
  });
  const failed = new Counter({
    registers,
    name: "anomaly_write_failed_requests_total",
    help: "Requests that failed and are repeated.",
    labelNames: ["receiver"],
  });
  const gauge = (name: string, help: string) => new Gauge({ registers, name, help, labelNames: ["receiver"] });
  const requests = gauge("anomaly_write_queue_requests", "Requests that wait on disk.");
  const samples = gauge("anomaly_write_queue_samples", "Samples that wait on disk.");
  const bytes = gauge("anomaly_write_queue_bytes", "Size of the queue on disk.");
  const success = gauge("anomaly_write_last_success_timestamp_seconds", "When the receiver last took samples.");
  return {
    onEvent: (receiver, event) => {
      switch (event.kind) {
        case "sent":
          sent.labels(receiver).inc(event.samples);
          success.labels(receiver).set(nowMs() / 1000);
          return;
        case "dropped":
          // What is there already is lost to nobody.
          if (event.reason !== "there") dropped.labels(receiver, event.reason).inc(event.samples);
          return;
        case "failed":
          failed.labels(receiver).inc();
          return;
        case "queue":
          sent.labels(receiver).inc(0);
          failed.labels(receiver).inc(0);
          requests.labels(receiver).set(event.requests);
          samples.labels(receiver).set(event.samples);
          bytes.labels(receiver).set(event.bytes);
      }
    },
    onDropped: (receiver, reason, count) => dropped.labels(receiver, reason).inc(count),
  };
}
