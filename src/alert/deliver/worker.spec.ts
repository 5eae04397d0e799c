import { describe, expect, test } from "vitest";
import { enqueue } from "../../store/deliveries.js";
import { inMemoryStore } from "../../store/in-memory-store.js";
import type { AlertMessage } from "../message/message.js";
import type { Outcome, Receiver, Sending } from "../receivers/receiver.js";
import { testMessages } from "../testing/messages.js";
import { type DeliverAround, deliverDue } from "./worker.js";

const T0 = Date.parse("2025-07-01T10:00:00Z");
const { open } = testMessages();

/** A queue with messages, receivers that answer as they are told, and a clock that a test moves. */
function bench(answers: Readonly<Record<string, (sending: Sending) => Outcome | Promise<Outcome>>>) {
  const store = inMemoryStore();
  const clock = { nowMs: T0 };
  const sent: string[] = [];
  const around: DeliverAround = {
    store,
    receiverOf: async (name): Promise<Receiver | undefined> =>
      answers[name] && {
        paceMs: 0,
        preview: () => "",
        close: async () => {},
        send: async (_: AlertMessage, sending) => {
          sent.push(sending.key);
          return answers[name](sending);
        },
      },
    pictureOf: async () => null,
    nowMs: () => clock.nowMs,
    random: () => 1,
    sleep: async () => {},
    signal: new AbortController().signal,
    onOutcome: () => {},
  };
  const put = (id: string, receiver: string, part = {}) =>
    store.transaction((transaction) =>
      enqueue(
        transaction,
        { id, route: "r", receiver, incident: "inc-1", payload: open as never, dueMs: clock.nowMs, ...part },
        clock.nowMs,
      ),
    );
  const run = async (afterMs = 0) => {
    clock.nowMs += afterMs;
    sent.length = 0;
    await deliverDue(Object.keys(answers), around);
    return [...sent];
  };
  const stateOf = async (id: string) => (await store.get("deliveries", id))?.state;
  return { put, run, stateOf, store };
}

const ok = (): Outcome => ({ ok: true, reply: { ts: "1" } });
const later = (retryAfterMs?: number): Outcome => ({
  ok: false,
  retry: "later",
  error: "503",
  ...(retryAfterMs && { retryAfterMs }),
});

describe("delivering", () => {
  test("a receiver that is dead holds up no other", async () => {
    const { put, run, stateOf } = bench({ dead: () => later(), well: ok });
    await put("a", "dead");
    await put("b", "well");
    await put("c", "well");
    await run();
    expect([await stateOf("a"), await stateOf("b"), await stateOf("c")]).toEqual(["waiting", "delivered", "delivered"]);
  });

  test("waits longer after each failure, at most five minutes, and gives up after a day", async () => {
    const { put, run, stateOf } = bench({ dead: () => later() });
    await put("a", "dead");
    const seconds = [0, 1.9, 0.1, 3.9, 0.1, 7.9, 0.1];
    const tries: number[] = [];
    for (const one of seconds) tries.push((await run(one * 1000)).length);
    expect(tries).toEqual([1, 0, 1, 0, 1, 0, 1]);
    for (let hour = 0; hour < 20; hour++) expect((await run(300_000)).length).toBe(1);
    await run(24 * 3_600_000);
    expect(await stateOf("a")).toBe("failed");
  });

  test("what a receiver asks to wait for holds for all of its messages", async () => {
    let isBusy = true;
    const { put, run } = bench({ busy: () => (isBusy ? later(60_000) : ok()) });
    await put("a", "busy");
    await put("b", "busy");
    expect(await run()).toEqual(["a"]);
    isBusy = false;
    expect(await run(59_000)).toEqual([]);
    expect((await run(1000)).sort()).toEqual(["a", "b"]);
  });

  test("a refused message is failed, and its successor is sent", async () => {
    const { put, run, stateOf } = bench({
      picky: ({ key }) => (key === "a" ? { ok: false, retry: "never", error: "400" } : ok()),
    });
    await put("a", "picky");
    await put("b", "picky", { after: "a" });
    expect(await run()).toEqual(["a", "b"]);
    expect([await stateOf("a"), await stateOf("b")]).toEqual(["failed", "delivered"]);
  });

  test("later messages get what the receiver answered before, and how often they were tried", async () => {
    const seen: unknown[] = [];
    let fails = true;
    const { put, run } = bench({
      slack: ({ replies, earlierTries }) => {
        seen.push([replies, earlierTries]);
        fails = !fails;
        return fails ? later() : ok();
      },
    });
    await put("a", "slack");
    await run();
    await put("b", "slack", { after: "a" });
    await run();
    await run(2000);
    expect(seen).toEqual([
      [[], 0],
      [[{ ts: "1" }], 0],
      [[{ ts: "1" }], 1],
    ]);
  });

  test("a receiver that throws, as one without its secret does, is tried again", async () => {
    const { put, run, stateOf, store } = bench({
      secretless: () => {
        throw new Error("Slack needs SLACK_BOT_TOKEN");
      },
    });
    await put("a", "secretless");
    await run();
    expect(await stateOf("a")).toBe("waiting");
    expect((await store.get("deliveries", "a"))?.last_error).toBe("Slack needs SLACK_BOT_TOKEN");
  });
});
