import { Readable } from "node:stream";
import type { FastifyInstance } from "fastify";
import { breathe } from "../../threads/breathe.js";
import { findingsText, type Names } from "../exposition/findings-text.js";
import type { OwnMetrics } from "../exposition/own-metrics.js";
import type { Findings } from "../findings.js";

export interface HealthRoutesOptions {
  readonly findings: Findings;
  readonly own: OwnMetrics;
  readonly names: Names;
  readonly mostSeries: number;
  readonly nowMs: () => number;
}

/** `/metrics`, `/healthz`, `/readyz`. */
export function addHealthRoutes(
  app: FastifyInstance,
  { findings, own, names, mostSeries, nowMs }: HealthRoutesOptions,
): void {
  async function* metrics(): AsyncGenerator<string> {
    yield await own.text();
    let waiting = "";
    for (const piece of findingsText(findings.all(), { names, nowMs: nowMs(), mostSeries })) {
      waiting += piece;
      // Between two pieces other requests are heard; small pieces go together, since each costs a turn and a packet.
      if (waiting.length < PIECE_LENGTH && piece !== "") continue;
      if (waiting !== "") yield waiting;
      waiting = "";
      await breathe();
    }
    if (waiting !== "") yield waiting;
  }
  app.get("/metrics", async (_request, reply) => {
    void reply.header("content-type", "text/plain; version=0.0.4; charset=utf-8");
    return reply.send(Readable.from(metrics(), { objectMode: false }));
  });
  app.get("/healthz", async () => ({ status: "ok" }));
  app.get("/readyz", async (_request, reply) => {
    const waiting = findings.all().filter(({ health }) => !health.hasRun);
    if (waiting.length === 0) return { status: "ready" };
    void reply.code(503);
    return { status: "starting", waiting_for: waiting.map(({ name }) => name) };
  });
}

const PIECE_LENGTH = 64 * 1024;
