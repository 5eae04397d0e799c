import { describe, expect, test } from "vitest";
import type { LikeFalseAlarms } from "../records/verdict-effects.js";
import { type JudgedEpisode, lookOf } from "./judged.js";
import { shortEpisode } from "./testing/short-episode.js";
import { withVerdicts } from "./with-verdicts.js";

const said = (
  verdict: JudgedEpisode["verdict"],
  id: string,
  start: string,
  part: Parameters<typeof shortEpisode>[2] = {},
): JudgedEpisode => {
  const record = shortEpisode(id, start, part);
  return { id, look: lookOf(record), verdict, at: record.end, author: "ann", note: "backup" };
};
const FALSE_ALARM = said("false", "f1", "2025-07-01T02:00:00Z");
const held = (record: ReturnType<typeof shortEpisode>, ...judged: JudgedEpisode[]) =>
  withVerdicts([record], judged)[0].adjusted_by as LikeFalseAlarms | undefined;

describe("what a false alarm changes of later records", () => {
  test("without verdicts records are the very same", () => {
    const records = [shortEpisode("a", "2025-07-02T02:00:00Z")];
    expect(withVerdicts(records, [])[0]).toBe(records[0]);
    expect(withVerdicts(records, [said("expected", "e", "2025-07-01T02:00:00Z")])[0]).toBe(records[0]);
  });

  test("what alarms alone and is no stronger is held back, and says by whom, how far and what it was before", () => {
    // A day later: 1 + (1.3 * 1.0001 - 1) * 0.5 ** (1 / 28) = 1.29279 (python3).
    const [record] = withVerdicts([shortEpisode("a", "2025-07-02T02:00:00Z", { score: 1.2 })], [FALSE_ALARM]);
    expect(record).toMatchObject({
      score: 1.2,
      severity: "low",
      suppressed_by: { kind: "verdict", episode: "f1", note: "backup" },
      adjusted_by: {
        kind: "verdict",
        verdicts: [{ episode: "f1", verdict: "false", at: FALSE_ALARM.at, author: "ann", note: "backup" }],
        points: 3,
        score: { before: 1.2 },
        severity: { before: "low", after: null },
      },
    });
    const { limit, score } = record.adjusted_by as LikeFalseAlarms;
    expect(limit).toBeCloseTo(1.29279, 5);
    expect(score.after).toBeCloseTo(1.2 / limit, 5);
  });

  test.each([
    ["stronger", { score: 1.31 }],
    ["more than three times as long", { points: 4 }],
    ["in the other direction", { direction: "down" as const }],
    ["of another series", { labels: { machine: "n2", aggregator: "a" }, series: "n2.a" }],
  ])("what is %s is shown", (_, part) => {
    expect(held(shortEpisode("a", "2025-07-02T02:00:00Z", { score: 1.2, ...part }), FALSE_ALARM)).toBeUndefined();
  });

  test("what alarms with another series of its machine is shown, one more than ten minutes away is no company", () => {
    const record = shortEpisode("a", "2025-07-02T02:00:00Z", { score: 1.2 });
    const other = (start: string, part = {}) =>
      shortEpisode("b", start, { labels: { machine: "n1", aggregator: "b" }, series: "n1.b", ...part });
    const withOther = (one: ReturnType<typeof other>) => withVerdicts([record, one], [FALSE_ALARM])[0].adjusted_by;
    expect(record.machine).toBe("n1");
    expect(withOther(other("2025-07-02T02:10:00Z"))).toBeUndefined();
    expect(withOther(other("2025-07-02T02:11:00Z"))).toBeDefined();
    expect(withOther(other("2025-07-02T01:51:00Z"))).toBeUndefined();
    expect(withOther(other("2025-07-02T01:49:00Z"))).toBeDefined();
    expect(withOther(other("2025-07-02T02:00:00Z", { machine: "n2" }))).toBeDefined();
    expect(withOther(other("2025-07-02T02:00:00Z", { labels: record.labels }))).toBeDefined();
  });

  test("half of it is gone after four weeks, all of it after nine months", () => {
    const limitAfter = (start: string) => held(shortEpisode("a", start, { score: 1.0005 }), FALSE_ALARM)?.limit;
    const [first, later] = [limitAfter("2025-07-02T02:00:00Z"), limitAfter("2025-07-30T02:00:00Z")];
    expect(((later ?? 1) - 1) / ((first ?? 1) - 1)).toBeCloseTo(0.5, 3);
    expect(limitAfter("2026-04-01T02:00:00Z")).toBeUndefined();
  });

  test("a real episode takes back what it had raised", () => {
    const next = shortEpisode("a", "2025-07-03T02:00:00Z", { score: 1.2 });
    expect(held(next, FALSE_ALARM)).toBeDefined();
    expect(held(next, FALSE_ALARM, said("true", "t1", "2025-07-02T02:00:00Z"))).toBeUndefined();
  });

  test("nothing hides an episode that is critical", () => {
    const worst = said("false", "f1", "2025-07-01T02:00:00Z", { score: 9 });
    expect(held(shortEpisode("a", "2025-07-01T03:00:00Z", { score: 4 }), worst)).toBeUndefined();
  });

  test("a verdict that was given later changes nothing: a run says the same whenever it runs", () => {
    const before = shortEpisode("a", "2025-07-01T01:00:00Z", { score: 1.1 });
    expect(held(before, FALSE_ALARM)).toBeUndefined();
  });

  test("whoever says that a record is real, or takes the verdict back, sees it again", () => {
    const record = shortEpisode("a", "2025-07-02T02:00:00Z", { score: 1.2 });
    const [hidden] = withVerdicts([record], [FALSE_ALARM]);
    expect(withVerdicts([hidden], [FALSE_ALARM, said("true", "a", "2025-07-02T02:00:00Z")])).toEqual([record]);
    expect(withVerdicts([hidden], [])).toEqual([record]);
    expect(withVerdicts([hidden], [FALSE_ALARM])).toEqual([hidden]);
  });

  test("a maintenance stays the reason why nothing alerts", () => {
    const suppressed_by = { event: "e1", kind: "maintenance", note: null } as const;
    const record = shortEpisode("a", "2025-07-02T02:00:00Z", { score: 1.2, suppressed_by });
    const [both] = withVerdicts([record], [FALSE_ALARM]);
    expect(both).toMatchObject({ suppressed_by, adjusted_by: { kind: "verdict" } });
    expect(withVerdicts([both], [])).toEqual([record]);
  });
});

describe("confidence", () => {
  const record = (part = {}) => shortEpisode("a", "2025-07-02T02:00:00Z", { score: 1.2, ...part });
  const by = (chance: number | undefined, minConfidence?: number) => ({ confidence: () => chance, minConfidence });

  test("stands in the record, and holds nothing back by itself", () => {
    expect(withVerdicts([record()], [], by(0.1))).toEqual([{ ...record(), confidence: 0.1 }]);
    expect(withVerdicts([{ ...record(), confidence: 0.1 }], [], by(undefined))).toEqual([record()]);
  });

  test("below what is requested it holds back, and says so", () => {
    const [held] = withVerdicts([record()], [], by(0.29, 0.3));
    expect(held).toMatchObject({
      score: 1.2,
      severity: "low",
      suppressed_by: { kind: "confidence", confidence: 0.29, note: null },
      adjusted_by: { kind: "confidence", confidence: 0.29, least: 0.3, severity: { before: "low", after: null } },
    });
    expect(withVerdicts([held], [], {})).toEqual([record()]);
    expect(withVerdicts([record()], [], by(0.3, 0.3))[0].adjusted_by).toBeUndefined();
  });

  test("what is critical is shown, and what a person called real", () => {
    const worst = record({ score: 5, severity: "critical" });
    expect(withVerdicts([worst], [], by(0, 0.9))[0].adjusted_by).toBeUndefined();
    const real = said("true", "a", "2025-07-02T02:00:00Z");
    expect(withVerdicts([record()], [real], by(0, 0.9))[0].adjusted_by).toBeUndefined();
  });
});
