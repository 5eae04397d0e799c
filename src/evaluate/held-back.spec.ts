import { expect, test } from "vitest";
import { lookOf } from "../verdicts/judged.js";
import { shortEpisode } from "../verdicts/testing/short-episode.js";
import { heldBackScores } from "./held-back.js";

const STEP_MS = 1_200_000;
const grid = { startMs: Date.parse("2025-07-02T00:00:00Z"), stepMs: STEP_MS };
const falseAlarm = shortEpisode("f1", "2025-07-01T02:00:00Z", { points: 2, score: 1.5 });
const judged = [
  { id: "f1", look: lookOf(falseAlarm), verdict: "false" as const, at: falseAlarm.end, author: null, note: null },
];
const episode = (slots: number) =>
  shortEpisode("a", "2025-07-02T02:00:00Z", {
    end: new Date(Date.parse("2025-07-02T02:00:00Z") + slots * STEP_MS).toISOString(),
  });
const company = () => false;
/** Scores from 02:00 on, the seventh slot. */
const from2 = (...scores: number[]) => Float64Array.from([0, 0, 0, 0, 2, 0, ...scores]);

test("an episode is silent until it is longer than the false alarm, or stronger; other slots keep their scores", () => {
  expect([...heldBackScores(from2(1.2, 1.3, 0), grid, [episode(2)], { judged, company })].slice(4)).toEqual([
    2, 0, 0.999, 0.999, 0,
  ]);
  // Three times as long as its two slots.
  const long = [1.2, 1.3, 1.1, 1.1, 1.1, 1.1, 1.1];
  expect([...heldBackScores(from2(...long), grid, [episode(7)], { judged, company })].slice(6)).toEqual([
    ...new Array(6).fill(0.999),
    1.1,
  ]);
  expect([...heldBackScores(from2(1.2, 1.6, 1.1), grid, [episode(3)], { judged, company })].slice(6)).toEqual([
    0.999, 1.6, 1.1,
  ]);
});

test("one that other series of its machine alarm with is heard from its first slot", () => {
  const scores = from2(1.2);
  expect(heldBackScores(scores, grid, [episode(1)], { judged, company: () => true })).toBe(scores);
});

test("without verdicts the scores are the very same, and they are never written to", () => {
  const scores = from2(1.2);
  expect(heldBackScores(scores, grid, [episode(1)], { judged: [], company })).toBe(scores);
  heldBackScores(scores, grid, [episode(1)], { judged, company });
  expect(scores).toEqual(from2(1.2));
});
