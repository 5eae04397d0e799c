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
/** Scores from 02:00 on, the seventh slot. */
const from2 = (...scores: number[]) => Float64Array.from([0, 0, 0, 0, 2, 0, ...scores]);

test("an episode is silent until it is longer than the false alarm, or stronger; other slots keep their scores", () => {
  expect([...heldBackScores(from2(1.2, 1.3, 0), grid, [episode(2)], { judged })].slice(4)).toEqual([
    2, 0, 0.999, 0.999, 0,
  ]);
  expect([...heldBackScores(from2(1.2, 1.3, 1.1), grid, [episode(3)], { judged })].slice(6)).toEqual([
    0.999, 0.999, 1.1,
  ]);
  expect([...heldBackScores(from2(1.2, 1.6, 1.1), grid, [episode(3)], { judged })].slice(6)).toEqual([0.999, 1.6, 1.1]);
});

test("without verdicts the scores are the very same, and they are never written to", () => {
  const scores = from2(1.2);
  expect(heldBackScores(scores, grid, [episode(1)], { judged: [] })).toBe(scores);
  heldBackScores(scores, grid, [episode(1)], { judged });
  expect(scores).toEqual(from2(1.2));
});
