import { describe, expect, test } from "vitest";
import { claimDue, enqueue, markDelivered, markFailed, nextDueMs } from "../deliveries.js";
import type { Store } from "../store.js";
import { atMinute, MINUTE, T0, testDelivery, testEvent } from "./rows.js";

/** What the queue of deliveries holds on every store. */
export function describeQueue(current: () => Store, open: () => Promise<Store>): void {
  const put = (id: string, minute = 0, changes = {}) =>
    current().transaction((transaction) => enqueue(transaction, testDelivery(id, minute, changes), T0));
  let leases = 0;
  const claim = (minute: number, changes = {}, store = current()) =>
    claimDue(store, {
      nowMs: T0 + minute * MINUTE,
      leaseMs: MINUTE,
      lease: `lease ${++leases}`,
      limit: 10,
      ...changes,
    });
  const ids = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id);

  describe("its queue of deliveries", () => {
    test("takes a message once, together with what decided on it or not at all", async () => {
      expect([await put("d1"), await put("d1")]).toEqual([true, false]);
      await expect(
        current().transaction(async (transaction) => {
          await transaction.put("events", testEvent("x1"));
          await enqueue(transaction, testDelivery("d2"), T0);
          throw new Error("no");
        }),
      ).rejects.toThrow("no");
      expect(ids(await current().find("deliveries"))).toEqual(["d1"]);
      expect(await current().find("events")).toEqual([]);
    });

    test("gives what is due to one sender alone, oldest first, and says when the next is due", async () => {
      await put("late", 5);
      await put("second", 1);
      await put("first", 0);
      expect(await nextDueMs(current())).toBe(T0);
      const other = await open();
      const [mine, theirs] = await Promise.all([claim(1), claim(1, {}, other)]);
      expect([...ids(mine), ...ids(theirs)]).toEqual(["first", "second"]);
      expect(mine.length * theirs.length).toBe(0);
      expect([...mine, ...theirs].map(({ attempts, state }) => [attempts, state])).toEqual([
        [1, "sending"],
        [1, "sending"],
      ]);
      expect(await nextDueMs(current())).toBe(T0 + 2 * MINUTE);
    });

    test("gives a message to somebody else once its lease has ended; who comes late changes nothing then", async () => {
      await put("d1");
      const [slow] = await claim(0);
      expect(await claim(0.9)).toEqual([]);
      const [fast] = await claim(1);
      expect([fast.id, fast.attempts]).toEqual(["d1", 2]);
      expect(await markDelivered(current(), slow, T0 + MINUTE)).toBe(false);
      expect(await markDelivered(current(), fast, T0 + 2 * MINUTE, { ts: "1.2" })).toBe(true);
      expect(await markFailed(current(), fast, { nowMs: T0, error: "late", retryMs: null })).toBe(false);
      expect(await current().get("deliveries", "d1")).toMatchObject({
        state: "delivered",
        reply: { ts: "1.2" },
        ended_at: atMinute(2),
        lease: null,
        last_error: null,
      });
      expect([await nextDueMs(current()), await claim(60)]).toEqual([undefined, []]);
    });

    test("tries again when it is said to, and never again when it is given up, with the error", async () => {
      await put("d1");
      const [once] = await claim(0);
      await markFailed(current(), once, { nowMs: T0, error: "503", retryMs: T0 + 3 * MINUTE });
      expect(await claim(2)).toEqual([]);
      const [twice] = await claim(3);
      expect([twice.attempts, twice.last_error]).toEqual([2, "503"]);
      await markFailed(current(), twice, { nowMs: T0 + 3 * MINUTE, error: "410 Gone", retryMs: null });
      expect(await current().get("deliveries", "d1")).toMatchObject({
        state: "failed",
        last_error: "410 Gone",
        attempts: 2,
      });
      expect(await claim(60)).toEqual([]);
    });

    test("takes from some receivers only, and holds an edit back until its message has ended", async () => {
      await put("post", 0, { receiver: "slack" });
      await put("edit", 0, { receiver: "slack", after: "post" });
      await put("mail", 0, { receiver: "mail" });
      expect(ids(await claim(0, { receivers: ["mail"] }))).toEqual(["mail"]);
      const [post, ...others] = await claim(0, { receivers: ["slack"] });
      expect([post.id, others]).toEqual(["post", []]);
      await markDelivered(current(), post, T0);
      expect(ids(await claim(0, { limit: 1 }))).toEqual(["edit"]);
    });

    test("passes over any number that are held up", async () => {
      await current().transaction(async (transaction) => {
        await enqueue(transaction, testDelivery("a-first", 0), T0);
        for (let i = 0; i < 450; i++) await enqueue(transaction, testDelivery(`b-${i}`, 0, { after: "a-first" }), T0);
        await enqueue(transaction, testDelivery("c-last", 1), T0);
      });
      expect(ids(await claim(1))).toEqual(["a-first", "c-last"]);
    });
  });
}
