import { expect, test } from "vitest";
import { HOUR_MS } from "../../time/duration.js";
import { formatUtc } from "../../time/format.js";
import { type JudgedEpisode, lookOf } from "../judged.js";
import { shortEpisode } from "../testing/short-episode.js";
import { openConfidence } from "./confidence.js";
import { loadConfidence } from "./load.js";

const T0 = Date.parse("2025-07-01T00:00:00Z");
const at = (hour: number) => formatUtc(T0 + hour * HOUR_MS);
/** Real ones are long and strong, false alarms short and weak, one every three hours on ten series in turn. */
const said = (i: number, part: Partial<JudgedEpisode> = {}): JudgedEpisode => {
  const isReal = i % 3 !== 0;
  const machine = `n${i % 10}`;
  const record = shortEpisode(`e${i}`, at(3 * i), {
    labels: { machine, aggregator: "a" },
    series: `${machine}.a`,
    score: isReal ? 2.5 : 1.1,
    points: isReal ? 12 : 1,
  });
  const verdict = isReal ? "true" : "false";
  return { id: record.id, look: lookOf(record), verdict, at: at(3 * i + 1), author: null, note: null, ...part };
};
const SAID = Array.from({ length: 45 }, (_, i) => said(i));
const weak = (hour: number) => shortEpisode("w", at(hour), { score: 1.1 });
const strong = (hour: number) => shortEpisode("s", at(hour), { score: 2.6, points: 14 });
const LATER = 24 * 7;

test("what looks like false alarms of all series has less confidence than what looks like real ones", () => {
  const { of } = openConfidence(SAID);
  const [low, high] = [of(weak(LATER)), of(strong(LATER))];
  expect(low).toBeLessThan(0.5);
  expect(high).toBeGreaterThan(0.7);
  expect([low, high].every((chance) => chance === Number(chance?.toFixed(2)))).toBe(true);
});

test("only verdicts count that were given before the episode alarmed", () => {
  const { of } = openConfidence(SAID);
  expect(of(weak(3 * 29))).toBeUndefined();
  const early = weak(3 * 31);
  const turned = SAID.map((one, i) => (i > 31 ? { ...one, verdict: "true" as const } : one));
  expect(of(early)).toBeDefined();
  expect(openConfidence(turned).of(early)).toBe(of(early));
  expect(openConfidence(turned).of(weak(LATER))).not.toBe(of(weak(LATER)));
});

test("the order in which verdicts come makes no difference", () => {
  expect(openConfidence(SAID.toReversed()).of(weak(LATER))).toBe(openConfidence(SAID).of(weak(LATER)));
});

test("what is expected is neither, and fewer than 30 others are too few", async () => {
  const expected = SAID.map((one, i) => (i < 16 ? { ...one, verdict: "expected" as const } : one));
  expect(openConfidence(expected).of(weak(LATER))).toBeUndefined();
  expect(openConfidence(expected).newest()).toBeUndefined();
  expect(await loadConfidence(SAID.slice(0, 29))).toBeUndefined();
});

test("a forest that is there already is not grown again", () => {
  const grown = new Map();
  let times = 0;
  const learn = () => {
    times++;
    return { chance: () => 0.5 };
  };
  openConfidence(SAID, { grown, learn }).newest();
  const once = times;
  openConfidence(SAID, { grown, learn }).newest();
  expect([once, times]).toEqual([1, 1]);
});
