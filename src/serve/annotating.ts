import { setTimeout as sleepFor } from "node:timers/promises";
import { Counter, Gauge } from "prom-client";
import { type GrafanaAnnotations, grafanaAnnotations } from "../alert/grafana/grafana-annotations.js";
import { annotator } from "./annotate/annotator.js";
import type { House, Room } from "./room.js";
import type { ServeSettings } from "./settings.js";

/**
 * The room that keeps an annotation per episode in Grafana.
 *
 * @param grafanaUrl of jobs whose source is not behind Grafana; null: these have no annotations. @param env holds the token.
 */
export function annotating(
  { own, jobs, nowMs, log, afterRuns }: House,
  { grafanaUrl, env }: NonNullable<ServeSettings["annotate"]>,
): Room {
  const registers = [own.registry];
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
    nowMs,
    sleep: async (ms) => {
      await sleepFor(ms, undefined, { signal: stop.signal, ref: false }).catch(() => {});
    },
    random: Math.random,
    onOutcome: (outcome, said) => {
      requests.labels(outcome).inc();
      if (outcome === "failed") {
        // Once per outage: the metric counts the tries.
        if (!isFailing) log("warn", `annotations: ${said}; a token needs the role Editor ("annotations:create")`);
        isFailing = true;
      } else if (isFailing) {
        log("info", "annotations: Grafana takes them again");
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
  afterRuns.add("annotations", ({ job, records }) => keeper.take(job, records()));
  return {
    close: async () => {
      keeper.stop();
      stop.abort();
      await Promise.all([...clients.values()].map((one) => one.close()));
    },
  };
}
