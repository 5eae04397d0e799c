import { setTimeout as sleepFor } from "node:timers/promises";
import { Counter, Gauge, type Registry } from "prom-client";
import { annotator } from "./annotate/annotator.js";
import { type GrafanaAnnotations, grafanaAnnotations } from "./annotate/grafana-annotations.js";
import type { Findings } from "./findings.js";
import type { ServedJob } from "./run/order.js";

type Log = (level: "info" | "warn", message: string) => void;

/** Annotations of the episodes in Grafana, as a server needs it. */
export interface Annotating {
  readonly close: () => Promise<void>;
}

/** @param grafanaUrl of jobs whose source is not behind Grafana; null: these have no annotations. @param env holds the token. */
export function annotating(
  findings: Findings,
  jobs: () => readonly ServedJob[],
  {
    grafanaUrl,
    env,
  }: { readonly grafanaUrl: string | null; readonly env: Readonly<Record<string, string | undefined>> },
  around: { readonly nowMs: () => number; readonly log: Log; readonly registry: Registry },
): Annotating {
  const registers = [around.registry];
  const requests = new Counter({
    registers,
    name: "anomaly_annotations_total",
    help: "Annotations in Grafana by outcome: added, changed, or failed and to be tried again.",
    labelNames: ["outcome"],
  });
  const clients = new Map<string, GrafanaAnnotations>();
  const stop = new AbortController();
  let isFailing = false;
  const keeper = annotator({
    placeOf: (name) => {
      const served = jobs().find(({ job }) => job.name === name);
      const url = served?.job.source.grafanaUrl ?? grafanaUrl;
      if (served === undefined || url === null) return undefined;
      const grafana = clients.get(url) ?? grafanaAnnotations(url, env);
      clients.set(url, grafana);
      return { grafana, dashboardUid: served.dashboardUid };
    },
    nowMs: around.nowMs,
    sleep: async (ms) => {
      await sleepFor(ms, undefined, { signal: stop.signal, ref: false }).catch(() => {});
    },
    random: Math.random,
    onOutcome: (outcome, said) => {
      requests.labels(outcome).inc();
      if (outcome === "failed") {
        // Once per outage: the metric counts the tries.
        if (!isFailing)
          around.log("warn", `annotations: ${said}; a token needs the role Editor ("annotations:create")`);
        isFailing = true;
      } else if (isFailing) {
        around.log("info", "annotations: Grafana takes them again");
        isFailing = false;
      }
    },
  });
  new Gauge({
    registers,
    name: "anomaly_annotations_waiting",
    help: "Episodes whose newest state is not in Grafana yet.",
    collect() {
      this.set(keeper.waiting());
    },
  });
  const stopListening = findings.listen((job) => keeper.take(job, findings.get(job)?.records() ?? []));
  return {
    close: async () => {
      stopListening();
      keeper.stop();
      stop.abort();
      await Promise.all([...clients.values()].map((one) => one.close()));
    },
  };
}
