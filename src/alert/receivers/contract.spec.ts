import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AlertMessage } from "../message/message.js";
import { ALERTS_SCHEMA } from "../settings/schema.js";
import { testMessages, UGLY } from "../testing/messages.js";
import { type ReceivingEnd, receivingEnd, type Taken } from "../testing/receiving.js";
import { type SmtpEnd, smtpEnd } from "../testing/smtp-end.js";
import { openReceiver } from "./open.js";
import type { Receiver, Reply, Sending } from "./receiver.js";
import { signatureOf } from "./webhook.js";

const SECRET = "s3cr3t-t0ken-of-the-test";
const messages = testMessages();
let end: ReceivingEnd;
let smtp: SmtpEnd;

/** Answers as Slack, Telegram and Grafana do when all is well, and with an empty object to all others. */
function well({ path, method }: Taken) {
  if (path.includes("chat.")) return { body: { ok: true, ts: "1.1" } };
  if (path.includes("getUploadURL")) return { body: { ok: true, upload_url: `${end.url}/upload`, file_id: "F1" } };
  if (path.includes("conversations.")) return { body: { ok: true, messages: [] } };
  if (path.includes("completeUpload")) return { body: { ok: true } };
  if (path.includes("/bot")) return { body: { ok: true, result: { message_id: 7 } } };
  if (path.includes("/api/annotations") && method === "GET") return { body: [] };
  return { body: {} };
}

beforeAll(async () => {
  end = await receivingEnd();
  smtp = await smtpEnd();
});
afterAll(() => Promise.all([end.close(), smtp.close()]));

const settingsOf = (): Readonly<Record<string, object>> => ({
  webhook: { kind: "webhook", url: end.url },
  alertmanager: { kind: "alertmanager", url: end.url, user: "ann" },
  slack: { kind: "slack", url: `${end.url}/api`, channel: "C123" },
  slack_webhook: { kind: "slack_webhook" },
  telegram: { kind: "telegram", url: end.url, chat: -100 },
  pagerduty: { kind: "pagerduty", url: end.url },
  email: { kind: "email", host: "127.0.0.1", port: smtp.port, tls: "none", from: "a@example.com", to: "b@example.com" },
  grafana: { kind: "grafana", url: end.url },
  exec: { kind: "exec", command: ["/bin/sh", "-c", "cat > /dev/null"] },
});
const NAMES = [
  "webhook",
  "alertmanager",
  "slack",
  "slack_webhook",
  "telegram",
  "pagerduty",
  "email",
  "grafana",
  "exec",
];
const OVER_HTTP = NAMES.filter((name) => !["email", "exec"].includes(name));

async function opened(name: string, part: object = {}): Promise<Receiver> {
  const { receivers } = ALERTS_SCHEMA.parse({
    receivers: { one: { ...settingsOf()[name], secret_env: "THE_SECRET", ...part } },
    routes: [{ name: "r", receivers: ["one"] }],
  });
  const secret = name === "slack_webhook" ? `${end.url}/services/${SECRET}` : SECRET;
  return openReceiver(receivers["one"], { env: { THE_SECRET: secret, PATH: "/usr/bin:/bin" } });
}

const sending = (part: Partial<Sending> = {}): Sending => ({
  key: "key-1",
  earlierTries: 0,
  replies: [],
  nowMs: Date.parse("2025-07-01T02:00:00Z"),
  picture: async () => new Uint8Array([137, 80, 78, 71]),
  signal: new AbortController().signal,
  ...part,
});

async function send(name: string, message: AlertMessage, part: Partial<Sending> = {}, settings: object = {}) {
  const receiver = await opened(name, settings);
  try {
    end.taken.length = 0;
    const outcome = await receiver.send(message, sending(part));
    return { outcome, taken: [...end.taken] };
  } finally {
    await receiver.close();
  }
}

describe.each(NAMES)("%s", (name) => {
  test("takes every kind of message", async () => {
    end.answer = well;
    for (const message of Object.values(messages)) {
      const { outcome } = await send(name, message);
      expect([message.id, outcome.ok, outcome.ok || outcome.error]).toEqual([message.id, true, true]);
    }
  });

  test("shows what it would send without a secret and without sending", async () => {
    const receiver = await opened(name);
    end.taken.length = 0;
    for (const message of Object.values(messages)) expect(receiver.preview(message)).not.toContain(SECRET);
    expect(end.taken).toEqual([]);
    await receiver.close();
  });
});

describe.each(OVER_HTTP)("%s over HTTP", (name) => {
  const failing = async (status: number, headers = {}) => {
    // What answers with what it was sent would give away a secret.
    end.answer = ({ headers: sent, path, body }) => ({
      status,
      headers,
      body: JSON.stringify({ ...sent, path, body }),
    });
    const { outcome } = await send(name, messages["open"]);
    if (outcome.ok) throw new Error("it arrived");
    return outcome;
  };

  test("is tried again after an outage or an overload, and never after it has refused a message", async () => {
    expect([(await failing(503)).retry, (await failing(429)).retry, (await failing(400)).retry]).toEqual([
      "later",
      "later",
      "never",
    ]);
    if (name !== "grafana") expect((await failing(429, { "retry-after": "7" })).retryAfterMs).toBe(7000);
  });

  test("never has a secret in an error", async () => {
    for (const status of [400, 401, 500]) expect(JSON.stringify(await failing(status))).not.toContain(SECRET);
    const unreachable = await send(
      name,
      messages["open"],
      {},
      name === "slack_webhook" ? {} : { url: "http://127.0.0.1:1" },
    );
    if (name !== "slack_webhook") {
      expect(unreachable.outcome).toMatchObject({ ok: false, retry: "later" });
      expect(JSON.stringify(unreachable.outcome)).not.toContain(SECRET);
    }
  });
});

test("the webhook signs time and body, and names the delivery", async () => {
  end.answer = well;
  const { taken } = await send("webhook", messages["open"]);
  const [{ headers, body, json }] = taken;
  expect(json).toEqual(JSON.parse(JSON.stringify(messages["open"])));
  expect([headers["idempotency-key"], headers["x-anomaly-timestamp"]]).toEqual(["key-1", "1751335200"]);
  expect(headers["x-anomaly-signature"]).toBe(signatureOf(SECRET, 1_751_335_200, body));
  // echo -n '1751335200.{}' | openssl dgst -sha256 -hmac secret
  expect(signatureOf("secret", 1_751_335_200, "{}")).toBe(
    "sha256=01d929322746dc607526952d528f097cdddf53efb314291ee7a00e0041f8b70c",
  );
});

describe("slack", () => {
  const root: Reply = { ts: "1.1", root: "1.1" };
  const methods = (taken: readonly Taken[]) => taken.map(({ path }) => path.replace(/^.*\/|\?.*$/g, ""));

  test("posts once, uploads the picture into the thread, edits, and replies with the end", async () => {
    end.answer = well;
    const open = await send("slack", messages["open"]);
    expect(methods(open.taken)).toEqual([
      "chat.postMessage",
      "files.getUploadURLExternal",
      "upload",
      "files.completeUploadExternal",
    ]);
    expect(open.taken[3].json).toMatchObject({ channel_id: "C123", thread_ts: "1.1" });
    expect(open.outcome).toEqual({ ok: true, reply: root });
    const update = await send("slack", messages["fleet"], { replies: [root] });
    expect(methods(update.taken)).toEqual(["chat.update"]);
    expect(update.taken[0].json).toMatchObject({ ts: "1.1", channel: "C123" });
    const close = await send("slack", messages["close"], { replies: [root] });
    expect(methods(close.taken)).toEqual(["chat.update", "chat.postMessage"]);
    expect(close.taken[1].json).toMatchObject({ thread_ts: "1.1" });
  });

  test("finds a message that was sent just before a crash instead of sending it twice", async () => {
    const found = [{ ts: "9.9", metadata: { event_payload: { key: "key-1" } } }];
    end.answer = (one) => (one.path.includes("conversations.") ? { body: { ok: true, messages: found } } : well(one));
    const { outcome, taken } = await send("slack", messages["open"], { earlierTries: 1, picture: async () => null });
    expect([methods(taken), outcome]).toEqual([
      ["conversations.history"],
      { ok: true, reply: { ts: "9.9", root: "9.9" } },
    ]);
  });

  test.each([
    ["channel_not_found", "never"],
    ["invalid_blocks", "never"],
    ["ratelimited", "later"],
    ["internal_error", "later"],
    ["invalid_auth", "later"],
  ])("takes %s for a failure that is tried again: %s", async (error, retry) => {
    end.answer = () => ({ body: { ok: false, error } });
    expect((await send("slack", messages["open"])).outcome).toMatchObject({ ok: false, retry });
  });
});

describe("telegram", () => {
  test("sends a photo, edits its caption, and replies to it at the end", async () => {
    end.answer = well;
    const open = await send("telegram", messages["open"]);
    expect(open.taken.map(({ path }) => path.split("/").at(-1))).toEqual(["sendPhoto"]);
    const replies = [{ message: 7, chat: "-100", kind: "photo" }];
    expect(open.outcome).toEqual({ ok: true, reply: replies[0] });
    const close = await send("telegram", messages["close"], { replies });
    expect(close.taken.map(({ path }) => path.split("/").at(-1))).toEqual(["editMessageCaption", "sendMessage"]);
    expect(close.taken[1].json).toMatchObject({ reply_parameters: { message_id: 7 } });
  });

  test("takes an unchanged message for arrived, waits as long as it is asked to, and follows a group that has moved", async () => {
    const replies = [{ message: 7, chat: "-100", kind: "text" }];
    end.answer = () => ({ status: 400, body: { ok: false, description: "Bad Request: message is not modified" } });
    expect((await send("telegram", messages["fleet"], { replies })).outcome.ok).toBe(true);
    end.answer = () => ({
      status: 429,
      body: { ok: false, description: "Too Many Requests", parameters: { retry_after: 31 } },
    });
    expect((await send("telegram", messages["open"])).outcome).toMatchObject({ retry: "later", retryAfterMs: 31_000 });
    end.answer = (one) =>
      one.body.includes("-777")
        ? well(one)
        : { status: 400, body: { ok: false, description: "upgraded", parameters: { migrate_to_chat_id: -777 } } };
    const moved = await send("telegram", messages["open"], { picture: async () => null });
    expect(moved.outcome).toEqual({ ok: true, reply: { message: 7, chat: "-777", kind: "text" } });
  });
});

test("PagerDuty has one key for the incident, from trigger to resolve", async () => {
  end.answer = () => ({ status: 202 });
  const [open, close] = [
    (await send("pagerduty", messages["open"])).taken[0].json,
    (await send("pagerduty", messages["close"])).taken[0].json,
  ];
  expect([open["event_action"], close["event_action"]]).toEqual(["trigger", "resolve"]);
  expect(open["dedup_key"]).toBe(close["dedup_key"]);
  expect(open["routing_key"]).toBe(SECRET);
});

describe("e-mail", () => {
  test("has the picture inline, one id per delivery, and no header that a name has made", async () => {
    smtp.mails.length = 0;
    await send("email", { ...messages["open"], title: "x\r\nBcc: evil@example.com" });
    const [mail] = smtp.mails;
    expect(mail).toMatch(/^Message-ID: <[0-9a-f]{32}@example.com>$/m);
    expect(mail).toMatch(/^Content-Id: <picture>$/im);
    expect(mail).not.toMatch(/^Bcc:/m);
    await send("email", { ...messages["open"], title: "x\r\nBcc: evil@example.com" });
    const ids = smtp.mails.map((one) => /^Message-ID: (.*)$/m.exec(one)?.[1]);
    expect(ids[0]).toBe(ids[1]);
  });

  test("is not tried again where the recipient is refused for good", async () => {
    smtp.refusal = "550 no such user";
    expect((await send("email", messages["open"])).outcome).toMatchObject({ ok: false, retry: "never" });
    smtp.refusal = "451 try later";
    expect((await send("email", messages["open"])).outcome).toMatchObject({ ok: false, retry: "later" });
    smtp.refusal = null;
  });
});

describe("exec", () => {
  const run = (...command: string[]) => send("exec", messages["open"], {}, { command, timeout: "5s" });

  test("runs without a shell, with the message on stdin and no secret in the environment", async () => {
    const check =
      "const m = JSON.parse(require('fs').readFileSync(0)); process.exit(m.title.includes(process.argv[1]) && !process.env.THE_SECRET ? 0 : 9)";
    expect((await run(process.execPath, "-e", check, UGLY.split("|")[0])).outcome).toEqual({ ok: true, reply: null });
  });

  test("is tried again after status 75 and a time-out, and never after another status", async () => {
    const of = async (code: string) => (await run(process.execPath, "-e", code)).outcome;
    expect(await of("console.error('no'); process.exit(3)")).toMatchObject({
      retry: "never",
      error: expect.stringContaining("status 3: no"),
    });
    expect(await of("process.exit(75)")).toMatchObject({ retry: "later" });
    expect((await run("/does/not/exist")).outcome).toMatchObject({ retry: "never" });
    const hanging = await send(
      "exec",
      messages["open"],
      {},
      { command: [process.execPath, "-e", "setInterval(() => {}, 1000)"], timeout: "300ms" },
    );
    expect(hanging.outcome).toMatchObject({ retry: "later" });
  });
});
