import { randomBytes } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { InputError } from "../../errors/errors.js";
import { parseMatcher } from "../../records/matcher.js";
import { EVENT_KINDS } from "../../store/events.js";
import type { Store } from "../../store/store.js";
import { HOUR_MS } from "../../time/duration.js";
import { formatUtc } from "../../time/format.js";
import { Refusal } from "../http/guard.js";

const time = z
  .string()
  .refine((text) => /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text)), {
    message: "must be a time such as 2025-07-01T21:14:05Z",
  });

/** What a pipeline sends. Unknown fields are refused: a misspelt `until` would be an event of the wrong length. */
const bodySchema = z.strictObject({
  kind: z.enum(EVENT_KINDS),
  match: z.array(z.string().max(1000)).max(100).default([]),
  from: time.optional(),
  until: time.optional(),
  note: z.string().max(10_000).nullable().default(null),
  author: z.string().max(1000).nullable().default(null),
});

/** As long as `anomaly event add` takes a deployment to last. */
const DEPLOY_MS = HOUR_MS;

/** `GET` and `POST /api/v1/events`: what is under way or ahead, and a new one, such as a deployment from a pipeline. */
export function addEventRoutes(app: FastifyInstance, store: Store, nowMs: () => number): void {
  app.get("/api/v1/events", async () => ({ data: await store.find("events", { fromMs: nowMs() + 1 }) }));
  app.post("/api/v1/events", async (request, reply) => {
    const read = bodySchema.safeParse(request.body);
    if (!read.success) {
      const [{ path, message }] = read.error.issues;
      throw new Refusal(
        400,
        "bad_data",
        `${path.join(".") || "the body"}: ${message}; send a JSON object with kind, match, from, until, note`,
      );
    }
    const { kind, match, note, author } = read.data;
    const fromMs = read.data.from === undefined ? nowMs() : Date.parse(read.data.from);
    const untilMs =
      read.data.until === undefined && kind === "deploy" ? fromMs + DEPLOY_MS : Date.parse(read.data.until ?? "");
    if (!(untilMs > fromMs))
      throw new Refusal(400, "bad_data", `until: a ${kind} needs an end after ${formatUtc(fromMs)}`);
    checkMatchers(match);
    const id = randomBytes(4).toString("hex");
    const event = {
      id,
      kind,
      matchers: match,
      from: formatUtc(fromMs),
      until: formatUtc(untilMs),
      author,
      note,
      source: "api",
    };
    await store.transaction((transaction) => transaction.put("events", event));
    return reply.code(201).send({ data: event });
  });
}

/** From outside only globs are taken: a regular expression can be made to take for ever. */
function checkMatchers(matchers: readonly string[]): void {
  for (const text of matchers) {
    try {
      parseMatcher(text);
    } catch (thrown) {
      if (thrown instanceof InputError) throw new Refusal(400, "bad_data", `match: ${thrown.message}`);
      throw thrown;
    }
    if (/^[^=!]*[=!]~/.test(text)) {
      throw new Refusal(
        400,
        "bad_data",
        `match: ${JSON.stringify(text)} holds a regular expression; use = or != with * and ?`,
      );
    }
  }
}
