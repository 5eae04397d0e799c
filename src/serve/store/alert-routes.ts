import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { acknowledgeIncident } from "../../alert/acknowledge.js";
import { messageOfRow } from "../../alert/deliver/queue.js";
import type { Store } from "../../store/store.js";
import { readQuery } from "../http/api-queries.js";
import { Refusal } from "../http/guard.js";

const USUAL_LIMIT = 100;
const MOST = 1000;
const QUERY = z.strictObject({
  limit: z.coerce.number().int().min(1).max(MOST).default(USUAL_LIMIT),
  state: z.enum(["waiting", "sending", "delivered", "failed"]).optional(),
});
const ACK = z.strictObject({ author: z.string().max(1000).nullable().default(null) });

/** `/api/v1/alerting/incidents` and `…/deliveries`: what people hear of, and what was sent; `POST …/incidents/:id/ack`: somebody is at one. */
export function addAlertRoutes(
  app: FastifyInstance,
  store: Store,
  nowMs: () => number,
  /** Receivers that an acknowledgement is passed on to. */
  passOn: () => readonly string[] = () => [],
): void {
  app.get("/api/v1/alerting/incidents", async () => ({
    data: (await store.find("incidents", { where: { status: ["open", "closing"] } })).map(
      ({ incident, digest, ...row }) => ({
        ...row,
        kind: digest === undefined ? "incident" : "digest",
        acknowledged: (incident as { readonly ack?: unknown } | undefined)?.ack ?? null,
      }),
    ),
  }));
  app.get("/api/v1/alerting/deliveries", async (request) => {
    const { limit, state } = readQuery(QUERY, request.query);
    const where = state === undefined ? {} : { where: { state } };
    const rows = await store.find("deliveries", { order: "newest", limit, ...where });
    return {
      data: rows.map(({ payload, reply: _, lease: __, ...row }) => {
        const { stage, title } = messageOfRow({ payload });
        return { ...row, stage, title };
      }),
    };
  });
  app.post("/api/v1/alerting/incidents/:id/ack", async (request, reply) => {
    const { id } = request.params as { id: string };
    const read = ACK.safeParse(request.body ?? {});
    if (!read.success) throw new Refusal(400, "bad_data", 'send a JSON object, such as {"author":"ann"}');
    const found = await acknowledgeIncident(store, id, { atMs: nowMs(), by: read.data.author }, passOn());
    if (!found) throw new Refusal(404, "not_found", `no incident ${id.slice(0, 100)} is open`);
    return reply.code(204).send();
  });
}
