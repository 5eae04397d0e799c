import { z } from "zod";
import { SERIES_STATES } from "../../records/status.js";
import { Refusal } from "./guard.js";

/** Most that one page of an answer holds, and what it holds where nothing else is requested. */
const MOST_A_PAGE = 1000;
const USUAL_A_PAGE = 100;

const time = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), "needs a time such as 2026-01-31T12:00:00Z")
  .describe("ISO 8601 time");
const paging = {
  limit: z.coerce.number().int().min(1).max(MOST_A_PAGE).default(USUAL_A_PAGE).describe("entries per page"),
  after: z.string().max(200).optional().describe("the `next` of the page before"),
};
const whose = {
  job: z.string().max(200).optional().describe("a job's name"),
  machine: z.string().max(500).optional().describe("exact machine"),
  aggregator: z.string().max(500).optional().describe("exact aggregator"),
};

export const EPISODE_QUERY = z.strictObject({
  ...whose,
  severity: z.enum(["low", "medium", "high", "critical"]).optional().describe("this severity or worse"),
  status: z.enum(["open", "closed"]).optional(),
  kind: z
    .enum(["spike", "drop", "level_shift", "drift", "stall", "variance", "silence", "lateness", "group"])
    .optional(),
  since: time.optional().describe("episodes that ended after it"),
  until: time.optional().describe("episodes that began before it"),
  ...paging,
});

export const INCIDENT_QUERY = z.strictObject({
  job: whose.job,
  since: time.optional().describe("of episodes that ended after it"),
  until: time.optional().describe("of episodes that began before it"),
});

export const SERIES_QUERY = z.strictObject({ ...whose, state: z.enum(SERIES_STATES).optional(), ...paging });

export const NO_QUERY = z.strictObject({});

/** A query as a schema reads it. @throws Refusal that names the parameter and what it needs. */
export function readQuery<T extends z.ZodType>(schema: T, query: unknown): z.infer<T> {
  const read = schema.safeParse(query);
  if (read.success) return read.data;
  const [{ path, message, ...issue }] = read.error.issues;
  const unknown = issue.code === "unrecognized_keys" ? `there is no parameter ${issue.keys.join(", ")}` : undefined;
  throw new Refusal(400, "bad_data", unknown ?? `${path.join(".")}: ${message}`);
}
