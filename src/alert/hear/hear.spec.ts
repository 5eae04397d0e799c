import { afterEach, beforeEach, expect, test } from "vitest";
import { recordEpisodes } from "../../store/episodes.js";
import { inMemoryStore } from "../../store/in-memory-store.js";
import type { Store } from "../../store/store.js";
import { deliverDue } from "../deliver/worker.js";
import { openReceivers } from "../receivers/house.js";
import { ALERTS_SCHEMA } from "../settings/schema.js";
import { episode, MINUTE, T0 } from "../testing/problems.js";
import { type Given, type ReceivingEnd, receivingEnd, type Taken } from "../testing/receiving.js";
import { tick } from "../tick.js";
import { hear, nothingHeard } from "./hear.js";

const signal = new AbortController().signal;
const record = episode("n1", 0, { job: "web" }).record!;
let end: ReceivingEnd;
let store: Store;
let opened: string[] = [];
let notes: string[] = [];
let messages: object[] = [];
let updates: object[] = [];
let repliesAnswer: Given | undefined;

/** Slack and Telegram as far as they are asked here. Telegram forgets what is behind an offset. */
function chat({ path, body, json }: Taken): Given {
  if (path.endsWith("users.info")) return { body: { ok: true, user: { name: `name-of-${body.split("=")[1]}` } } };
  if (path.endsWith("chat.postMessage")) return { body: { ok: true, ts: "100.5" } };
  if (path.endsWith("conversations.replies")) return repliesAnswer ?? { body: { ok: true, messages } };
  if (path.endsWith("getUpdates")) {
    const from = Number(json["offset"] ?? 0);
    updates = updates.filter((one) => (one as { update_id: number }).update_id >= from);
    return { body: { ok: true, result: updates } };
  }
  return { body: { ok: true, result: { message_id: 7 } } };
}

const settings = () =>
  ALERTS_SCHEMA.parse({
    receivers: {
      team: { kind: "slack", channel: "C1", url: `${end.url}/api`, picture: false, replies: true },
      tele: { kind: "telegram", chat: -5, url: end.url, picture: false, replies: true },
    },
    routes: [{ name: "all", receivers: ["team", "tele"], group_wait: "0s" }],
  });

/** As a process does that has just started, or, with what was heard, goes on. */
async function listen(heard = nothingHeard(), minute = 5): Promise<number> {
  const receivers = openReceivers(settings(), { env: { SLACK_BOT_TOKEN: "x", TELEGRAM_BOT_TOKEN: "y" } });
  try {
    const onNote = (receiver: string, level: string, words: string) => notes.push(`${level} ${receiver}: ${words}`);
    return await hear(heard, { store, receivers, nowMs: T0 + minute * MINUTE, signal, onNote });
  } finally {
    await receivers.close();
  }
}
const answers = () =>
  end.taken.filter(({ path }) => /chat.postMessage|sendMessage/.test(path)).map(({ json }) => String(json["text"]));
const verdicts = async () =>
  (await store.find("verdicts")).map(({ episode: of, verdict, author, note }) => ({ of, verdict, author, note }));

beforeEach(async () => {
  end = await receivingEnd(chat);
  store = inMemoryStore();
  [notes, messages, updates, repliesAnswer] = [[], [], [], undefined];
  await store.transaction((transaction) => recordEpisodes(transaction, [record], T0));
  const found = { records: [record], others: [], coveredJobs: [], fleetMachines: 9, silences: [] };
  await tick(store, found, settings(), T0);
  const receivers = openReceivers(settings(), { env: { SLACK_BOT_TOKEN: "x", TELEGRAM_BOT_TOKEN: "y" } });
  await deliverDue(receivers.names, {
    store,
    receiverOf: receivers.get,
    pictureOf: async () => null,
    nowMs: () => T0,
    random: () => 0.5,
    sleep: async () => undefined,
    signal,
    onOutcome: () => undefined,
  });
  await receivers.close();
  opened = end.taken.map(({ path, body }) => `${path} ${body}`);
  end.taken.length = 0;
});
afterEach(() => end.close());

const seconds = T0 / 1000;

test("a message says how to answer it, where answers are read", () => {
  expect(opened.find((one) => one.includes("chat.postMessage"))).toContain("answer in this thread: false, real");
  expect(opened.find((one) => one.includes("sendMessage"))).toContain("reply to this message: false, real");
});

test("a reply in Slack's thread is a verdict with author and note, acknowledged once, also over restarts", async () => {
  messages = [
    { ts: "100.5", bot_id: "B1", text: "HIGH n1: spike" },
    { ts: `${seconds + 60}.000200`, user: "U1", text: "&lt;- looks odd" },
    { ts: `${seconds + 90}.000300`, user: "U2", text: "<@UBOT> false alarm: load &amp; test" },
  ];
  const heard = nothingHeard();
  expect([await listen(heard), await listen(heard), await listen()]).toEqual([1, 0, 0]);
  expect(await verdicts()).toEqual([{ of: record.id, verdict: "false", author: "name-of-U2", note: "load & test" }]);
  expect((await store.find("verdicts"))[0].at).toBe(new Date(T0 + 90_000).toISOString().replace(".000Z", "Z"));
  expect(answers()).toEqual(["Noted: a false alarm, says name-of-U2 (1 episode)"]);
  const [answer] = end.taken.filter(({ path }) => path.endsWith("chat.postMessage"));
  expect(answer.json).toMatchObject({ channel: "C1", thread_ts: "100.5" });
});

test("a reaction to Slack's message counts once per person and kind", async () => {
  const reactions = [
    { name: "x", users: ["U1"] },
    { name: "eyes", users: ["U3"] },
  ];
  messages = [{ ts: "100.5", bot_id: "B1", text: "HIGH", reactions }];
  expect([await listen(), await listen(nothingHeard(), 9)]).toEqual([1, 0]);
  reactions.push({ name: "white_check_mark", users: ["U2"] });
  expect(await listen(nothingHeard(), 12)).toBe(1);
  expect((await verdicts()).map(({ verdict, author }) => [verdict, author])).toEqual([
    ["false", "name-of-U1"],
    ["true", "name-of-U2"],
  ]);
});

test("a reply to Telegram's message is a verdict, what is not about it is passed over, and it is acknowledged once", async () => {
  const message = (part: object) => ({ chat: { id: -5 }, from: { username: "ann" }, date: seconds + 60, ...part });
  updates = [
    { update_id: 40, message: message({ message_id: 8, text: "false" }) },
    { update_id: 41, message: message({ message_id: 9, text: "expected: copy", reply_to_message: { message_id: 7 } }) },
  ];
  const heard = nothingHeard();
  expect(await listen(heard)).toBe(1);
  // A process that died before it could ask for what comes next gets the same again.
  expect(await listen()).toBe(0);
  expect(await listen(heard)).toBe(0);
  expect(updates).toEqual([]);
  expect(await verdicts()).toEqual([{ of: record.id, verdict: "expected", author: "ann", note: "copy" }]);
  expect(answers()).toEqual(["Noted: expected, says ann (1 episode)"]);
  expect(end.taken.find(({ path }) => path.endsWith("sendMessage"))?.json).toMatchObject({
    chat_id: -5,
    reply_parameters: { message_id: 9 },
  });
});

test("a right that is missing is said once, and the others are heard", async () => {
  repliesAnswer = { body: { ok: false, error: "missing_scope", needed: "channels:history" } };
  const said = { chat: { id: -5 }, from: { first_name: "Bo" }, date: seconds, message_id: 9, text: "real" };
  updates = [{ update_id: 1, message: { ...said, reply_to_message: { message_id: 7 } } }];
  const heard = nothingHeard();
  expect([await listen(heard), await listen(heard)]).toEqual([1, 0]);
  const warnings = notes.filter((note) => note.startsWith("warn"));
  expect(warnings).toEqual(["warn team: answers are not read: Slack's conversations.replies answered missing_scope"]);
  expect((await verdicts()).map(({ author }) => author)).toEqual(["Bo"]);
});

test("an outage is passed over without a word, and asked again", async () => {
  repliesAnswer = { status: 503, body: "" };
  messages = [{ ts: `${seconds + 90}.1`, user: "U2", text: "real" }];
  const heard = nothingHeard();
  expect(await listen(heard)).toBe(0);
  repliesAnswer = undefined;
  expect(await listen(heard)).toBe(1);
  expect(notes.filter((note) => note.startsWith("warn"))).toEqual([]);
});

test("nothing is asked a day after the end", async () => {
  const [incident] = await store.find("incidents");
  const closed = { ...incident, status: "closed" as const, closed_at: new Date(T0).toISOString() };
  await store.transaction((transaction) => transaction.put("incidents", closed));
  messages = [{ ts: `${seconds + 90}.1`, user: "U2", text: "real" }];
  expect(await listen(nothingHeard(), 24 * 60 + 1)).toBe(0);
  expect(end.taken).toEqual([]);
  expect(await listen(nothingHeard(), 24 * 60 - 1)).toBe(1);
});
