import { Counter, Gauge, type Registry } from "prom-client";
import type { Store } from "../../store/store.js";

/** What alerting says of itself. */
export interface AlertMetrics {
  readonly onMessage: (route: string, stage: string) => void;
  /** Shows receivers before anything was sent to them. */
  readonly setReceivers: (names: readonly string[]) => void;
  readonly onOutcome: (receiver: string, outcome: (typeof OUTCOMES)[number]) => void;
}

const OUTCOMES = ["delivered", "retried", "failed"] as const;

export function alertMetrics(registry: Registry, store: Store): AlertMetrics {
  let receivers: readonly string[] = [];
  const registers = [registry];
  const messages = new Counter({
    registers,
    name: "anomaly_alert_messages_total",
    help: "Messages that were decided on, by route and stage: open, update, repeat, escalation, close.",
    labelNames: ["route", "stage"],
  });
  const deliveries = new Counter({
    registers,
    name: "anomaly_alert_deliveries_total",
    help: "Tries to deliver a message, by receiver and outcome; failed: it was given up.",
    labelNames: ["receiver", "outcome"],
  });
  new Gauge({
    registers,
    name: "anomaly_alert_queue_length",
    help: "Messages that wait to be delivered, by receiver.",
    labelNames: ["receiver"],
    async collect() {
      this.reset();
      for (const name of receivers) this.labels(name).set(0);
      const waiting = await store.find("deliveries", { where: { state: ["waiting", "sending"] } }).catch(() => []);
      for (const { receiver } of waiting) if (receivers.includes(receiver)) this.labels(receiver).inc();
    },
  });
  new Gauge({
    registers,
    name: "anomaly_alert_incidents_open",
    help: "Incidents that are open, whether anybody was told of them or not.",
    async collect() {
      const open = await store.find("incidents", { where: { status: "open" } }).catch(() => []);
      this.set(open.filter(({ incident }) => incident !== undefined).length);
    },
  });
  return {
    setReceivers: (names) => {
      receivers = names;
      for (const name of names) for (const outcome of OUTCOMES) deliveries.labels(name, outcome).inc(0);
    },
    onMessage: (route, stage) => messages.labels(route, stage).inc(),
    onOutcome: (receiver, outcome) => deliveries.labels(receiver, outcome).inc(),
  };
}
