import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SeriesPoints } from "../../runs/find-anomalies.js";
import { jobTag, readMarks, writeMarks } from "./marks.js";
import { entriesOf, entryPath, moveEntry } from "./queue-folder.js";
import { decodeRequest } from "./wire.js";
import { type QueueSpec, WriteQueues } from "./write-queues.js";

const MINUTE = 60_000;
const T0 = Date.UTC(2025, 6, 1);
const NOW = T0 + 1000 * MINUTE;

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "anomaly-queues-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const spec = (changed: Partial<QueueSpec> = {}): QueueSpec => ({
  folder,
  receivers: ["one", "two"],
  mostBytes: 1e9,
  ...changed,
});

/** Slots of a series whose five figures are the slot's number. */
function points(machine: string, first: number, count: number, change: Partial<SeriesPoints> = {}): SeriesPoints {
  const values = Float64Array.from({ length: count }, (_, i) => first + i);
  const figures = { observed: values, expected: values, lower: values, upper: values, score: values };
  const labels = { machine, aggregator: "lag" };
  return { name: "lag", labels, startMs: T0 + first * MINUTE, stepMs: MINUTE, ...figures, ...change };
}

/** The slots of `anomaly_score` in a queue, by machine. */
function queued(receiver = "one"): Record<string, number[]> {
  const own: Record<string, number[]> = {};
  for (const entry of entriesOf(join(folder, receiver))) {
    if (entry.state === "new") continue;
    for (const { labels, times } of decodeRequest(readFileSync(entryPath(join(folder, receiver), entry)))) {
      const named = Object.fromEntries(labels);
      if (named["__name__"] !== "anomaly_score") continue;
      own[named["machine"]] = [...(own[named["machine"]] ?? []), ...times.map((atMs) => (atMs - T0) / MINUTE)];
    }
  }
  return own;
}

describe("WriteQueues", () => {
  test("each slot gets in once, however often it is scored, and in every queue", () => {
    const queues = new WriteQueues(spec());
    queues.add("job", [], [points("a", 0, 3), points("b", 1, 2)], NOW);
    queues.add("job", [], [points("a", 0, 5), points("b", 3, 1)], NOW);
    new WriteQueues(spec()).add("job", [], [points("a", 2, 4)], NOW);
    for (const receiver of ["one", "two"]) expect(queued(receiver)).toEqual({ a: [0, 1, 2, 3, 4, 5], b: [1, 2, 3] });
  });

  test("slots without a score, of the future, and figures that are not known are left out", () => {
    const score = Float64Array.of(Number.NaN, 1, 2, 3);
    const lower = Float64Array.of(0, Number.NaN, 2, 3);
    const queues = new WriteQueues(spec());
    expect(queues.add("job", [], [points("a", 0, 4, { score, lower })], T0 + 2 * MINUTE).samples).toBe(9);
    expect(queued()).toEqual({ a: [1, 2] });
  });

  test("labels are in order, the job and the metric among them", () => {
    new WriteQueues(spec()).add("job", [], [points("a", 0, 1)], NOW);
    const [entry] = entriesOf(join(folder, "one"));
    const names = decodeRequest(readFileSync(entryPath(join(folder, "one"), entry))).map(({ labels }) => labels);
    expect(names[0]).toEqual([
      ["__name__", "anomaly_score"],
      ["aggregator", "lag"],
      ["for", "lag"],
      ["job", "job"],
      ["machine", "a"],
    ]);
    expect(names).toHaveLength(5);
  });

  test("a crash before the slots were noted leaves nothing: the next run queues them again", () => {
    const folders = ["one", "two"].map((receiver) => join(folder, receiver));
    new WriteQueues(spec()).add("job", [], [points("a", 0, 3)], NOW);
    // As if the process had died before the note: what was written is aside, and the note is the one before.
    for (const own of folders) for (const entry of entriesOf(own)) moveEntry(own, entry, "new");
    writeMarks(folder, jobTag("job"), { batch: 0, newest: new Map() });
    const next = new WriteQueues(spec());
    expect(queued()).toEqual({});
    next.add("job", [], [points("a", 0, 3)], NOW);
    expect(queued()).toEqual({ a: [0, 1, 2] });
  });

  test("a crash after the slots were noted loses nothing: what is aside is put in place", () => {
    new WriteQueues(spec()).add("job", [], [points("a", 0, 3)], NOW);
    const own = join(folder, "two");
    for (const entry of entriesOf(own)) moveEntry(own, entry, "new");
    new WriteQueues(spec()).add("job", [], [points("a", 0, 3)], NOW);
    expect(queued("two")).toEqual({ a: [0, 1, 2] });
  });

  test("a queue that is full loses its oldest, and says how many samples; what is being sent stays", () => {
    const queues = new WriteQueues(spec({ receivers: ["one"], mostBytes: 400 }));
    queues.add("job", [], [points("a", 0, 1)], NOW);
    const own = join(folder, "one");
    moveEntry(own, entriesOf(own)[0], "sending");
    let dropped = 0;
    for (let slot = 1; slot < 6; slot++) {
      dropped += queues.add("job", [], [points("a", slot, 1)], NOW).dropped.reduce((sum, one) => sum + one.samples, 0);
    }
    const left = queued()["a"];
    expect(left[0]).toBe(0);
    expect(left[left.length - 1]).toBe(5);
    expect(dropped).toBe((6 - left.length) * 5);
    expect(dropped).toBeGreaterThan(0);
  });

  test("of two series that have the same labels for a receiver, one is written", () => {
    const named = (label: string) => ({
      ...points("a", 0, 2),
      labels: { machine: "a", aggregator: "lag", [label]: "x" },
    });
    const queued = new WriteQueues(spec()).add("job", [], [named("data-centre"), named("data_centre")], NOW);
    expect(queued).toMatchObject({ samples: 10, twins: 1 });
  });

  test("series of several jobs do not get in each other's way", () => {
    const queues = new WriteQueues(spec());
    queues.add("x", [], [points("a", 0, 2)], NOW);
    queues.add("y", [], [points("a", 0, 2)], NOW);
    expect(queued()).toEqual({ a: [0, 1, 0, 1] });
    expect([...readMarks(folder).keys()].sort()).toEqual([jobTag("x"), jobTag("y")].sort());
  });
});
