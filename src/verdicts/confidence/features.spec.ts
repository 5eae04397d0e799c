import { expect, test } from "vitest";
import { type JudgedEpisode, lookOf } from "../judged.js";
import { shortEpisode } from "../testing/short-episode.js";
import { FEATURES, featuresOf } from "./features.js";

const named = (values: readonly number[]) => Object.fromEntries(FEATURES.map((name, i) => [name, values[i]]));

test("an episode alone is what it looks like, and its series is like all others", () => {
  const parts = [
    { name: "a", value: -6, limit: 4 },
    { name: "b", value: 1, limit: 2 },
    { name: "c", value: null, limit: null },
  ];
  const episode = shortEpisode("e", "2025-07-05T06:00:00Z", {
    score: 2,
    points: 3,
    direction: "up",
    kind: "spike",
    observed: 30,
    expected: 10,
    lower: 6,
    upper: 14,
    explanation: { parts, passes: null },
  });
  const seen = named(featuresOf(episode, [], 0.8));
  // python3: log(3) 1.098612, log(6/4) .405465, log(20/8) .916291, log(.8/.2) 1.386294
  expect(seen["score"]).toBeCloseTo(Math.LN2, 6);
  expect(seen["slots"]).toBeCloseTo(1.098612, 6);
  expect(seen).toMatchObject({ direction: 1, spike: 1, drop: 0, weekend: 1 });
  expect(seen["largest part"]).toBeCloseTo(0.405465, 6);
  expect(seen["second part"]).toBeCloseTo(-Math.LN2, 6);
  expect(seen["share of parts beyond their limit"]).toBeCloseTo(1 / 3, 9);
  // 06:00 is a quarter of a turn.
  expect(seen["hour, sine"]).toBeCloseTo(1, 9);
  expect(seen["hour, cosine"]).toBeCloseTo(0, 9);
  expect(seen["distance from the band"]).toBeCloseTo(0.916291, 6);
  expect(seen["share of the series that was real"]).toBeCloseTo(1.386294, 6);
  expect(seen["false alarms of the series"]).toBe(0);
});

test("verdicts of the series count by age, time of day and direction", () => {
  const episode = shortEpisode("e", "2025-07-29T02:00:00Z", { score: 1.5 });
  const said = (verdict: JudgedEpisode["verdict"], start: string, part = {}): JudgedEpisode => {
    const record = shortEpisode("j", start, { score: 1.2, ...part });
    return { id: "j", look: lookOf(record), verdict, at: episode.alerted_at, author: null, note: null };
  };
  const old = { ...said("false", "2025-07-01T02:00:00Z"), at: "2025-07-01T02:20:00Z" };
  const seen = named(featuresOf(episode, [old, said("true", "2025-07-28T14:00:00Z", { score: 1.4 })], 0.5));
  // 28 days are half of it; it was at the same time of day, the real one at another.
  expect(seen["false alarms of the series"]).toBeCloseTo(0.5, 6);
  expect(seen["false alarms at this time of day"]).toBeCloseTo(0.5, 6);
  expect(seen["real ones of the series"]).toBeCloseTo(1, 6);
  expect(seen["real ones at this time of day"]).toBeCloseTo(0, 6);
  // log((1 + 2 * .5) / (1 + .5 + 2) / (1 - that)) = log((2 / 3.5) / (1.5 / 3.5)) = log(4 / 3)
  expect(seen["share of the series that was real"]).toBeCloseTo(Math.log(4 / 3), 6);
  expect(seen["score against real ones"]).toBeCloseTo(Math.log(1.5 / 1.4), 6);
});

test("nothing known is no reason for what is no number", () => {
  const silent = shortEpisode("s", "2025-07-01T02:00:00Z", {
    observed: null,
    expected: null,
    lower: null,
    upper: null,
  });
  expect(featuresOf({ ...silent, explanation: null, score: 0 }, [], 0.5).every(Number.isFinite)).toBe(true);
});
