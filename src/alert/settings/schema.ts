import { z } from "zod";
import { InputError } from "../../errors/errors.js";
import { parseMatcher } from "../../records/matcher.js";
import { HOUR_MS, MINUTE_MS, parseDuration, SECOND_MS } from "../../time/duration.js";
import { isTimezone } from "../../time/timezone.js";
import { readQuietHours } from "./quiet-hours.js";
import type { AlertSettings, ReceiverSettings } from "./settings.js";

/** Names become parts of ids of deliveries. */
const name = z.string().regex(/^[\w.-]{1,60}$/, "needs letters, digits, dot, dash and underscore, at most 60");
const address = z
  .string()
  .refine(
    (text) => /^https?:\/\//.test(text) && URL.canParse(text),
    "needs an address such as https://host.example.com",
  )
  .refine((text) => !URL.canParse(text) || new URL(text).password === "", {
    message: "holds a password; put it into a variable and name that with secret_env",
  });
const variable = z.string().regex(/^[A-Z_][A-Z0-9_]*$/i, "needs the name of a variable, such as SLACK_BOT_TOKEN");
const severity = z.enum(["low", "medium", "high", "critical"]);

const duration = (defaultMs: number) =>
  z
    .union([z.string(), z.number()])
    .transform((text, context) => {
      try {
        return /^0[a-z]*$/.test(String(text)) ? 0 : parseDuration(String(text));
      } catch {
        context.addIssue({ code: "custom", message: "needs a duration such as 30s, 5m or 4h" });
        return z.NEVER;
      }
    })
    .default(defaultMs);

const matcher = z.string().superRefine((text, context) => {
  try {
    parseMatcher(text);
  } catch (thrown) {
    if (!(thrown instanceof InputError)) throw thrown;
    context.addIssue({ code: "custom", message: thrown.message });
  }
});

const quiet = z
  .strictObject({
    days: z.string().default("mon-sun"),
    from: z.string(),
    until: z.string(),
    except: severity.nullable().default(null),
  })
  .transform((hours, context) => {
    const read = readQuietHours(hours);
    if ("problem" in read) {
      context.addIssue({ code: "custom", path: [read.key], message: read.problem });
      return z.NEVER;
    }
    return read;
  });

const secret = (usual: string) => ({ secret_env: variable.default(usual) });
const picture = z.boolean().default(true);
/** Off unless a person wants it: the bot must be allowed to read, and only one may read a Telegram bot's updates. */
const replies = z.boolean().default(false);

/** Port 587 is for mail that is submitted (RFC 6409), and begins without TLS. */
const SUBMISSION_PORT = 587;

const receiver = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("webhook"), url: address, ...secret("ALERT_WEBHOOK_SECRET") }),
  z.strictObject({
    kind: z.literal("alertmanager"),
    url: address,
    user: z.string().nullable().default(null),
    keep_alive: duration(3 * MINUTE_MS),
    ...secret("ALERTMANAGER_PASSWORD"),
  }),
  z.strictObject({
    kind: z.literal("slack"),
    channel: z
      .string()
      .regex(/^[A-Z0-9]{2,}$/, "needs the channel's id, such as C0123456789, from its details in Slack"),
    url: address.default("https://slack.com/api"),
    picture,
    replies,
    ...secret("SLACK_BOT_TOKEN"),
  }),
  z.strictObject({ kind: z.literal("slack_webhook"), ...secret("SLACK_WEBHOOK_URL") }),
  z.strictObject({
    kind: z.literal("telegram"),
    chat: z
      .union([z.string(), z.number()])
      .transform(String)
      .refine((text) => /^(-?\d+|@\w+)$/.test(text), "needs the chat's number, or @ and the name of a channel"),
    url: address.default("https://api.telegram.org"),
    picture,
    replies,
    ...secret("TELEGRAM_BOT_TOKEN"),
  }),
  z.strictObject({
    kind: z.literal("pagerduty"),
    url: address.default("https://events.pagerduty.com"),
    ...secret("PAGERDUTY_ROUTING_KEY"),
  }),
  z.strictObject({
    kind: z.literal("email"),
    host: z.string().min(1),
    port: z.int().min(1).max(65535).default(SUBMISSION_PORT),
    tls: z.enum(["none", "starttls", "tls"]).default("starttls"),
    user: z.string().nullable().default(null),
    from: z.string().includes("@"),
    to: z.union([
      z
        .string()
        .includes("@")
        .transform((one) => [one]),
      z.array(z.string().includes("@")).min(1),
    ]),
    picture,
    ...secret("SMTP_PASSWORD"),
  }),
  z.strictObject({
    kind: z.literal("grafana"),
    url: address,
    dashboard_uid: z.string().nullable().default(null),
    ...secret("GRAFANA_SERVICE_ACCOUNT_TOKEN"),
  }),
  z.strictObject({
    kind: z.literal("exec"),
    command: z.array(z.string().min(1)).min(1),
    timeout: duration(30 * SECOND_MS),
    ...secret("ALERT_EXEC_SECRET"),
  }),
]);

const route = z.strictObject({
  name,
  match: z.union([matcher.transform((one) => [one]), z.array(matcher)]).default([]),
  receivers: z.array(name).min(1),
  continue: z.boolean().default(false),
  group_wait: duration(30 * SECOND_MS),
  group_interval: duration(5 * MINUTE_MS),
  repeat_interval: duration(4 * HOUR_MS),
  quiet: z.array(quiet).default([]),
  escalate: z
    .strictObject({ after: duration(15 * MINUTE_MS), receivers: z.array(name).min(1) })
    .nullable()
    .default(null),
});

/** The section `alerts` of anomaly.yaml. Defaults of a route's intervals are Alertmanager's. */
export const ALERTS_SCHEMA = z
  .strictObject({
    url: address.nullable().default(null),
    timezone: z.string().refine(isTimezone, "needs a zone of the IANA database, such as Europe/Berlin").default("UTC"),
    grafana: z
      .strictObject({
        url: address,
        datasource_uid: z.string().nullable().default(null),
        org_id: z.int().positive().nullable().default(null),
      })
      .nullable()
      .default(null),
    close_after: duration(10 * MINUTE_MS),
    max_age: duration(HOUR_MS),
    storm: z.strictObject({ incidents: z.int().min(1).default(10), window: duration(10 * MINUTE_MS) }).prefault({}),
    receivers: z.record(name, receiver),
    routes: z.array(route).min(1),
  })
  .superRefine(({ receivers, routes }, context) => {
    const seen = new Set<string>();
    routes.forEach((one, i) => {
      if (seen.has(one.name)) {
        context.addIssue({
          code: "custom",
          path: ["routes", i, "name"],
          message: `"${one.name}" is the name of two routes; give each its own`,
        });
      }
      seen.add(one.name);
      const lists = [
        ["receivers", one.receivers],
        ["escalate", one.escalate?.receivers ?? []],
      ] as const;
      for (const [key, names] of lists) {
        const unknown = names.find((wanted) => !(wanted in receivers));
        if (unknown === undefined) continue;
        const there = Object.keys(receivers).join(", ") || "none";
        context.addIssue({
          code: "custom",
          path: ["routes", i, key],
          message: `there is no receiver "${unknown}"; there are ${there}`,
        });
      }
    });
  })
  .transform(
    ({ close_after, max_age, grafana, storm, receivers, routes, ...rest }): AlertSettings => ({
      ...rest,
      closeAfterMs: close_after,
      maxAgeMs: max_age,
      grafana: grafana && {
        url: grafana.url.replace(/\/+$/, ""),
        datasourceUid: grafana.datasource_uid,
        orgId: grafana.org_id,
      },
      storm: { incidents: storm.incidents, windowMs: storm.window },
      receivers: Object.fromEntries(Object.entries(receivers).map(([key, one]) => [key, receiverSettings(one)])),
      routes: routes.map(({ group_wait, group_interval, repeat_interval, escalate, ...one }) => ({
        ...one,
        groupWaitMs: group_wait,
        groupIntervalMs: group_interval,
        repeatIntervalMs: repeat_interval,
        escalate: escalate && { afterMs: escalate.after, receivers: escalate.receivers },
      })),
    }),
  );

function receiverSettings(read: z.infer<typeof receiver>): ReceiverSettings {
  const { secret_env: secretEnv, ...rest } = read;
  switch (rest.kind) {
    case "alertmanager": {
      const { keep_alive: keepAliveMs, ...own } = rest;
      return { ...own, secretEnv, keepAliveMs };
    }
    case "grafana": {
      const { dashboard_uid: dashboardUid, ...own } = rest;
      return { ...own, secretEnv, dashboardUid };
    }
    case "exec": {
      const { timeout: timeoutMs, ...own } = rest;
      return { ...own, secretEnv, timeoutMs };
    }
    default:
      return { ...rest, secretEnv };
  }
}
