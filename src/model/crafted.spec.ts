import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { emptySlot } from "../detectors/detector.js";
import { DEFAULT_TRAINING, trainModel } from "../detectors/family/fit/train.js";
import { type Model, openModel } from "../detectors/family/learned.js";
import { WAVE_START_MS, WAVE_STEP_MS, wave } from "../detectors/testing/wave.js";
import { ModelError } from "../errors/errors.js";
import { decodeModel, encodeModel } from "./file.js";

// Whoever crafts a model computes its checksum too: everything here has a right one.
const { model } = trainModel(
  [1, 2].map((seed) => wave(16, seed)),
  { ...DEFAULT_TRAINING, rows: 2000, forest: { ...DEFAULT_TRAINING.forest, trees: 4 }, fingerprint: "0".repeat(64) },
);
const valid = encodeModel(model);
const PREFIX = 16;
const headerEnd = PREFIX + Buffer.from(valid).readUInt32LE(12);
const header = () => JSON.parse(Buffer.from(valid).toString("utf8", PREFIX, headerEnd));

function signed(bytes: Uint8Array): Uint8Array {
  const body = bytes.subarray(0, bytes.length - 32);
  return Buffer.concat([body, createHash("sha256").update(body).digest()]);
}

function withHeader(changed: unknown): Uint8Array {
  const json = Buffer.from(JSON.stringify(changed));
  const start = Buffer.from(valid.subarray(0, PREFIX));
  start.writeUInt32LE(json.length, 12);
  const padding = Buffer.alloc((8 - ((PREFIX + json.length) % 8)) % 8);
  const data = valid.subarray((headerEnd + 7) & ~7);
  return signed(Buffer.concat([start, json, padding, data]));
}

/** Undefined if it was read; @throws what is not a refusal. */
function refusal(bytes: Uint8Array): string | undefined {
  try {
    decodeModel(bytes, "m");
    return undefined;
  } catch (error) {
    if (error instanceof ModelError) return error.message;
    throw error;
  }
}

const probe = wave(4, 9).values;
/** The scores of four days; also shows that scoring ends. */
function scoresOf(read: Model): string {
  const scorer = openModel(read).open(read.series[0].profile);
  const slot = emptySlot();
  return Array.from(probe, (value, i) => {
    scorer.push(WAVE_START_MS + i * WAVE_STEP_MS, value, slot);
    return slot.score;
  }).join();
}

describe("a crafted model with a right checksum", () => {
  type Change = readonly [what: string, change: (h: ReturnType<typeof header>) => void, says: RegExp];
  const array = (h: ReturnType<typeof header>, name: string) =>
    h.arrays.find((entry: { name: string }) => entry.name === name);
  test.each<Change>([
    ["a window of 30,000 years", (h) => (h.plan.windowsMs[2] = 1e15), /feature plan: windowsMs holds 1000000000000000/],
    ["a lag of 30,000 years", (h) => (h.plan.lagsMs[1] = 1e15), /feature plan: lagsMs/],
    ["a step of a millisecond", (h) => (h.plan.stepMs = 1), /looks back \d+ slots/],
    ["a zone that is not there", (h) => (h.plan.timezone = "Mars/Base"), /timezone is Mars\/Base/],
    ["an array of 4e9 numbers", (h) => (array(h, "recent.left").length = 4e9), /recent\.left ends at/],
    ["a negative length", (h) => (array(h, "recent.left").length = -1), /recent\.left has the length -1/],
    ["a negative offset", (h) => (array(h, "seasonal.leaves").offset = -8), /seasonal\.leaves is at -8/],
    ["another type", (h) => (array(h, "profiles").type = "f32"), /must be profiles of f64/],
    ["an array less", (h) => h.arrays.pop(), /must have 12 arrays/],
    ["fewer features", (h) => h.featureCounts.recent--, /recent forest: it has/],
    ["a divisor of zero", (h) => (h.divisors.recent = 0), /divisor recent is 0/],
    ["a threshold of its own", (h) => (h.threshold = { kind: "quantile", p: 2 }), /threshold/],
    ["series that are no list", (h) => (h.series = {}), /no list of series/],
    ["more series than profiles", (h) => h.series.push(h.series[0]), /profiles and series differ/],
    ["labels that are no text", (h) => (h.series[0].labels = { a: 1 }), /series 0 has no name and labels/],
    ["no plan", (h) => delete h.plan, /no feature plan/],
  ])("with %s is refused in a sentence", (_, change, says) => {
    const changed = header();
    change(changed);
    expect(refusal(withHeader(changed))).toMatch(says);
  });

  test.each([
    ["a circle in a tree", (m: Model) => (m.forests.recent.left[1] = 0), /recent forest: node 1 leads to node 0/],
    ["a root outside", (m: Model) => (m.forests.recent.roots[1] = -5), /root 1 is node -5/],
    [
      "a leaf outside",
      (m: Model) => (m.forests.seasonal.left[m.forests.seasonal.left.length - 1] = -99_999),
      /ends at leaf/,
    ],
    ["a feature outside", (m: Model) => (m.forests.recent.feature[0] = 250), /asks feature 250/],
    ["a leaf without a figure", (m: Model) => (m.forests.recent.leaves[4] = Number.NaN), /figure 4 of its leaves/],
    ["falling maxima", (m: Model) => (m.calibration.dailyMaxima[0] = 1e9), /daily maximum 1/],
  ])("with %s is refused in a sentence", (_, change, says) => {
    const changed = decodeModel(valid, "m");
    change(changed);
    expect(refusal(encodeModel(changed))).toMatch(says);
  });

  test("with a spread of zero in a profile is refused", () => {
    const [first, ...rest] = model.series;
    const changed = { ...model, series: [{ ...first, profile: { ...first.profile, spread: 0 } }, ...rest] };
    expect(refusal(encodeModel(changed))).toMatch(/profile of .*: spread is 0/);
  });

  test("whose header is JSON of any kind is refused or reads as the model it is", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(), (value, at) => {
        const changed = header();
        const keys = Object.keys(changed);
        const key = keys[at % keys.length];
        changed[key] = value;
        if (refusal(withHeader(changed)) !== undefined) return;
        // What can be anything is only carried along.
        expect(["unit", "fingerprint", "options", "seriesDays"]).toContain(key);
        expect(scoresOf(decodeModel(withHeader(changed), "m"))).toBe(scoresOf(model));
      }),
      { numRuns: 300 },
    );
  });

  test("with changed bytes is refused, or scores to the end, within 100 ms and 64 MB", () => {
    decodeModel(valid, "warm-up");
    const before = process.memoryUsage().arrayBuffers;
    const bytes = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(bytes, (changes) => {
        const changed = Uint8Array.from(valid);
        for (const [at, value] of changes) changed[12 + (at % (changed.length - 44))] = value;
        const began = performance.now();
        const refused = refusal(signed(changed));
        expect(performance.now() - began).toBeLessThan(100);
        expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64e6);
        if (refused === undefined) scoresOf(decodeModel(signed(changed), "m"));
      }),
      { numRuns: 300 },
    );
  });
});
