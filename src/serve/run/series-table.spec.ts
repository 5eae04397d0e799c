import { describe, expect, test } from "vitest";
import type { SeriesStatus } from "../../records/status.js";
import type { SeriesPoints } from "../../runs/find-anomalies.js";
import { Findings } from "../findings.js";
import type { Note } from "./order.js";
import { EMPTY_ROW, SeriesTable } from "./series-table.js";

const status = (machine: string, more: Partial<SeriesStatus> = {}): SeriesStatus => ({
  machine,
  aggregator: "a",
  series: machine,
  labels: { machine, aggregator: "a" },
  state: "ok",
  score: 0.1,
  last_at: null,
  last_value: 1,
  reason: null,
  ...more,
});

/** Slots of a minute from 0 on with these scores; each value is its score times ten. */
const points = (machine: string, ...score: number[]): SeriesPoints => ({
  name: machine,
  labels: { machine, aggregator: "a" },
  startMs: 0,
  stepMs: 60_000,
  observed: Float64Array.from(score, (one) => one * 10),
  expected: new Float64Array(score.length).fill(5),
  lower: new Float64Array(score.length).fill(4),
  upper: new Float64Array(score.length).fill(6),
  score: Float64Array.from(score),
});

/** The other side of the table, after the pieces of all updates. */
function received(...updates: ReturnType<SeriesTable["update"]>[]) {
  const findings = new Findings();
  findings.setJobs(["j"]);
  for (const piece of updates.flat()) findings.take("j", piece as Note);
  return [...(findings.get("j")?.series() ?? [])];
}

describe("the table of a job's series", () => {
  test("arrives on the other side as it was said", () => {
    const table = new SeriesTable();
    const pieces = table.update(
      [status("a"), status("b", { state: "warming", reason: "less than 24h of history" })],
      [points("a", 0.2, 0.5)],
    );
    expect(received(pieces)).toEqual([
      {
        name: "a",
        machine: "a",
        aggregator: "a",
        labels: { machine: "a", aggregator: "a" },
        state: "ok",
        reason: null,
        atMs: 60_000,
        observed: 5,
        expected: 5,
        lower: 4,
        upper: 6,
        score: 0.5,
      },
      expect.objectContaining({
        machine: "b",
        state: "warming",
        reason: "less than 24h of history",
        score: Number.NaN,
      }),
    ]);
  });

  test("keeps the newest slot that has a score, also over runs that bring none", () => {
    const table = new SeriesTable();
    const first = table.update([status("a")], [points("a", 0.2, 0.5, Number.NaN)]);
    const second = table.update([status("a", { state: "gap" })], []);
    expect(received(first, second)).toMatchObject([{ state: "gap", atMs: 60_000, score: 0.5 }]);
  });

  test("gives the place of a series that is gone to the next one that appears", () => {
    const table = new SeriesTable();
    const updates = [table.update([status("a"), status("b")], [points("a", 1), points("b", 2)])];
    for (let i = 0; i < 100; i++) updates.push(table.update([status("b"), status(`n${i}`)], []));
    const last = updates.at(-1)?.at(-1);
    expect(last).toMatchObject({ kind: "figures", rows: 3 });
    expect(new Map(received(...updates).map(({ machine, score }) => [machine, score]))).toEqual(
      new Map([
        ["b", 2],
        ["n99", Number.NaN],
      ]),
    );
  });

  test("shows what an earlier process has written, and then what the first run says", () => {
    const table = new SeriesTable();
    const before = table.remember([
      status("a", { score: 0.7, last_at: "1970-01-01T00:01:00Z", last_value: 9 }),
      status("gone", { state: "stale", score: null }),
    ]);
    expect(received(before)).toMatchObject([
      { machine: "a", atMs: 60_000, observed: 9, score: 0.7, lower: Number.NaN },
      { machine: "gone", state: "stale", score: Number.NaN },
    ]);
    expect(received(before, table.update([status("a")], [points("a", 0.1, 0.2, 0.3)]))).toMatchObject([
      { machine: "a", atMs: 120_000, score: 0.3, lower: 4 },
    ]);
  });

  test("after a failed run every series is failed with the reason, and recovers with the next", () => {
    const table = new SeriesTable();
    const good = table.update([status("a"), status("b")], [points("a", 0.4)]);
    const failed = [table.fail("no answer")];
    expect(received(good, failed)).toMatchObject([
      { machine: "a", state: "failed", reason: "no answer", score: 0.4 },
      { machine: "b", state: "failed", reason: "no answer" },
    ]);
    expect(received(good, failed, table.update([status("a"), status("b")], []))).toMatchObject([
      { state: "ok", reason: null },
      { state: "ok", reason: null },
    ]);
  });

  test("sends names once, in pieces of at most 500", () => {
    const table = new SeriesTable();
    const many = Array.from({ length: 1201 }, (_, i) => status(`m${i}`));
    const sizes = (pieces: ReturnType<SeriesTable["update"]>) =>
      pieces.flatMap((piece) => (piece.kind === "names" ? [piece.added.length] : []));
    expect(sizes(table.update(many, []))).toEqual([500, 500, 201]);
    expect(sizes(table.update(many, []))).toEqual([]);
    const { states } = table.fail("x");
    expect([...states].filter((state) => state === EMPTY_ROW)).toEqual([]);
  });
});
