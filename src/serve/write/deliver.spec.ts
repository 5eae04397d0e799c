import { describe, expect, test } from "vitest";
import { deliver, OutOfPatience } from "./deliver.js";
import type { SampleSeries } from "./sample-series.js";
import { type Verdict, verdictOf } from "./verdict.js";

const MINUTE = 60_000;
const series = (name: string, slots: readonly number[]): SampleSeries => ({
  labels: [["__name__", name]],
  times: slots.map((slot) => slot * MINUTE),
  values: slots,
});
const answer = (status: number, text = "") => verdictOf({ status, text, retryAfterMs: 0 });
const LATER: Verdict = { kind: "later", afterMs: 0, said: "no answer", isUncertain: true };

/** Takes a request whole or not at all, by Prometheus's rules: an hour behind the newest of all is too old, a series only grows. */
class FakePrometheus {
  readonly kept = new Map<string, number[]>();
  requests = 0;
  newestMs = Number.NEGATIVE_INFINITY;

  post = async (all: readonly SampleSeries[]): Promise<Verdict> => {
    this.requests++;
    for (const { labels, times } of all) {
      const own = this.kept.get(labels[0][1]) ?? [];
      if (times[0] < this.newestMs - 60 * MINUTE) return answer(400, "out of bounds");
      if (labels[0][1].startsWith("bad")) return answer(500, "invalid sample");
      if (own.length > 0 && times[0] < own[own.length - 1]) return answer(400, "out of order sample");
    }
    for (const { labels, times } of all) {
      this.kept.set(labels[0][1], [...(this.kept.get(labels[0][1]) ?? []), ...times]);
      this.newestMs = Math.max(this.newestMs, times[times.length - 1]);
    }
    return answer(204);
  };
}

const around = { onFailure: () => {}, sleep: async () => {}, random: () => 0, retries: 5 };
const has = async () => "unknown" as const;

describe("deliver", () => {
  test("series that are refused cost no other series a sample", async () => {
    const server = new FakePrometheus();
    const good = Array.from({ length: 20 }, (_, i) => series(`good${i}`, [0, 1, 2]));
    const all = [...good.slice(0, 7), series("bad1", [0, 1, 2]), ...good.slice(7), series("bad2", [1, 2])];
    const { sent, dropped } = await deliver(all, false, { ...around, client: { post: server.post, has } });
    expect(sent).toBe(60);
    expect(server.kept.size).toBe(20);
    expect(dropped.get("refused")).toMatchObject({ samples: 5, said: "500: invalid sample" });
  });

  test("of a long history, what is within the receiver's bounds is taken", async () => {
    const server = new FakePrometheus();
    server.newestMs = 1000 * MINUTE;
    const slots = Array.from({ length: 101 }, (_, i) => 900 + i);
    const { sent, dropped } = await deliver([series("a", slots), series("b", slots)], false, {
      ...around,
      client: { post: server.post, has },
    });
    expect(sent).toBe(2 * 61);
    expect(dropped.get("old")).toMatchObject({ samples: 2 * 40 });
    expect(server.requests).toBeLessThan(200);
  });

  test("a long history with one bad series is taken in the order of time, so that the others are not too old afterwards", async () => {
    const server = new FakePrometheus();
    const slots = Array.from({ length: 300 }, (_, i) => i);
    const all = [series("a", slots), series("bad", slots), series("b", slots), series("c", slots)];
    const { sent } = await deliver(all, false, { ...around, client: { post: server.post, has } });
    expect(sent).toBe(900);
  });

  test("a failure is tried again, longer apart each time, and counted", async () => {
    const answers = [LATER, answer(503), answer(429), answer(204)];
    const waits: number[] = [];
    const failures: string[] = [];
    const done = await deliver([series("a", [1])], false, {
      ...around,
      client: { post: async () => answers.shift() ?? answer(204), has },
      sleep: async (ms) => void waits.push(ms),
      random: () => 1,
      onFailure: (said) => void failures.push(said),
    });
    expect(done.sent).toBe(1);
    expect(failures).toHaveLength(3);
    // Before a repeat that may be there already, it waits until the receiver would show it.
    expect(waits).toEqual([1000, 5000, 2000, 5000, 4000]);
  });

  test("what may have arrived is looked up, and not sent twice", async () => {
    let posts = 0;
    const client = {
      post: async () => (posts++ === 0 ? LATER : answer(204)),
      has: async () => true as const,
    };
    expect((await deliver([series("a", [1])], false, { ...around, client })).sent).toBe(1);
    expect(posts).toBe(1);
    expect((await deliver([series("a", [1])], true, { ...around, client })).sent).toBe(1);
    expect(posts).toBe(1);
  });

  test("samples of before a crash that are there already are no loss", async () => {
    const server = new FakePrometheus();
    await server.post([series("a", [1, 2, 3])]);
    const { dropped } = await deliver([series("a", [1, 2])], true, { ...around, client: { post: server.post, has } });
    expect([...dropped.keys()]).toEqual(["there"]);
  });

  test("an address where nothing takes samples is tried once", async () => {
    let posts = 0;
    const post = async () => {
      posts++;
      return answer(404);
    };
    const { dropped } = await deliver([series("a", [1]), series("b", [1])], false, {
      ...around,
      client: { post, has },
    });
    expect(posts).toBe(1);
    expect(dropped.get("address")).toMatchObject({ samples: 2 });
  });

  test("patience ends after the tries that were allowed", async () => {
    const client = { post: async () => LATER, has };
    await expect(deliver([series("a", [1])], false, { ...around, client })).rejects.toThrow(OutOfPatience);
  });
});
