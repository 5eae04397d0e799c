import { createHash } from "node:crypto";
import fc, { type JsonValue } from "fast-check";
import { describe, expect, test } from "vitest";
import { emptySlot } from "../detectors/detector.js";
import { decodeFamily, encodeFamily } from "../detectors/family/codec.js";
import { DEFAULT_TRAINING, trainModel } from "../detectors/family/fit/train.js";
import { type FamilyModel, openModel } from "../detectors/family/learned.js";
import { WAVE_START_MS, WAVE_STEP_MS, wave } from "../detectors/testing/wave.js";
import { ModelError } from "../errors/errors.js";
import { decodeModel, encodeModel } from "./file.js";
import { testChoice } from "./testing/test-choice.js";
import { testModel } from "./testing/test-model.js";

// Whoever crafts a model computes its checksum too: everything here has a right one.
const trained = trainModel(
  [1, 2].map((seed) => wave(16, seed)),
  { ...DEFAULT_TRAINING, rows: 2000, forest: { ...DEFAULT_TRAINING.forest, trees: 4 } },
);
const { model } = trained;
const valid = encodeModel(testModel(trained));
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

const fileOf = (changed: FamilyModel) =>
  encodeModel(testModel(trained, { sections: { family: encodeFamily(changed) } }));

/** A file as `infer` opens it. */
function read(bytes: Uint8Array): FamilyModel {
  const { inventory, sections } = decodeModel(bytes, "m");
  if (sections["family"] === undefined) throw new ModelError("section", "it has no section for family");
  return decodeFamily(sections["family"], inventory.series.length);
}

/** Undefined if it was read; @throws what is not a refusal. */
function refusal(bytes: Uint8Array): string | undefined {
  try {
    read(bytes);
    return undefined;
  } catch (error) {
    if (error instanceof ModelError || error instanceof RangeError) return error.message;
    throw error;
  }
}

const probe = wave(4, 9).values;
/** The scores of four days; also shows that scoring ends. */
function scoresOf(some: FamilyModel): string {
  const scorer = openModel(some).open(some.profiles[0]);
  const slot = emptySlot();
  return Array.from(probe, (value, i) => {
    scorer.push(WAVE_START_MS + i * WAVE_STEP_MS, value, slot);
    return slot.score;
  }).join();
}

describe("a crafted model with a right checksum", () => {
  type Change = readonly [what: string, change: (h: ReturnType<typeof header>) => void, says: RegExp];
  const array = (h: ReturnType<typeof header>, name: string) =>
    h.sections[0].arrays.find((entry: { name: string }) => entry.name === name);
  const own = (h: ReturnType<typeof header>) => h.sections[0].header;
  test.each<Change>([
    [
      "a window of 30,000 years",
      (h) => (own(h).plan.windowsMs[2] = 1e15),
      /feature plan: windowsMs holds 1000000000000000/,
    ],
    ["a lag of 30,000 years", (h) => (own(h).plan.lagsMs[1] = 1e15), /feature plan: lagsMs/],
    ["a step of a millisecond", (h) => (own(h).plan.stepMs = 1), /looks back \d+ slots/],
    ["a zone that is not there", (h) => (own(h).plan.timezone = "Mars/Base"), /timezone is "Mars\/Base"/],
    ["an array of 4e9 numbers", (h) => (array(h, "recent.left").length = 4e9), /recent\.left ends at/],
    ["a negative length", (h) => (array(h, "recent.left").length = -1), /recent\.left has the length -1/],
    ["a negative offset", (h) => (array(h, "seasonal.leaves").offset = -8), /seasonal\.leaves is at -8/],
    ["another type", (h) => (array(h, "profiles").type = "f32"), /an array profiles of Float64Array|its arrays have/],
    ["an array less", (h) => h.sections[0].arrays.pop(), /its arrays have|needs an array/],
    ["fewer features", (h) => own(h).featureCounts.recent--, /recent forest: it has/],
    ["a divisor of zero", (h) => (own(h).divisors.recent = 0), /divisor recent is 0/],
    ["a threshold of its own", (h) => (h.threshold = { kind: "quantile", p: 2 }), /threshold/],
    ["sections that are no list", (h) => (h.sections = 7), /no list of sections/],
    ["two sections of one detector", (h) => h.sections.push(h.sections[0]), /two of its sections/],
    ["series that are no list", (h) => (h.series = {}), /no list of series/],
    ["more series than profiles", (h) => h.series.push(h.series[0]), /profiles and series differ/],
    ["labels that are no text", (h) => (h.series[0].labels = { a: 1 }), /series 0 has no name and labels/],
    ["a choice of nothing", (h) => (h.choice = []), /choice of detectors is not an object/],
    [
      "a choice of no detectors",
      (h) => (h.choice = testChoice(2, { detectors: [] })),
      /choice of detectors names none/,
    ],
    ["a choice of fewer series", (h) => (h.choice = testChoice(1)), /its choice and its series differ in number/],
    [
      "a choice of a detector that is not there",
      (h) => (h.choice = testChoice(2, { detectors: [{ name: "toString" as "family", divisor: 1 }] })),
      /detector 0 of its choice has no name that is known here/,
    ],
    [
      "a choice that divides by zero",
      (h) => (h.choice = testChoice(2, { detectors: [{ name: "family", divisor: 0 }] })),
      /detector 0 of its choice .* no divisor/,
    ],
    ["a choice of the detector 7", (h) => (h.choice = testChoice(2, { unknown: 7 })), /unknown series is 7/],
    [
      "a choice whose series have the detector 1.5",
      (h) => {
        h.choice = testChoice(2);
        h.choice.series[1] = { ...h.choice.series[1], detector: 1.5 };
      },
      /series 1 of its choice has no detector and power/,
    ],
    [
      "a choice whose series have no sizes",
      (h) => {
        h.choice = testChoice(2);
        h.choice.series[0] = { ...h.choice.series[0], smallest: [1] };
      },
      /series 0 of its choice/,
    ],
    ["no plan", (h) => delete own(h).plan, /no feature plan/],
  ])("with %s is refused in a sentence", (_, change, says) => {
    const changed = header();
    change(changed);
    expect(refusal(withHeader(changed))).toMatch(says);
  });

  test.each([
    ["a circle in a tree", (m: FamilyModel) => (m.forests.recent.left[1] = 0), /recent forest: node 1 leads to node 0/],
    ["a root outside", (m: FamilyModel) => (m.forests.recent.roots[1] = -5), /root 1 is node -5/],
    [
      "a leaf outside",
      (m: FamilyModel) => (m.forests.seasonal.left[m.forests.seasonal.left.length - 1] = -99_999),
      /ends at leaf/,
    ],
    ["a feature outside", (m: FamilyModel) => (m.forests.recent.feature[0] = 250), /asks feature 250/],
    [
      "a leaf without a figure",
      (m: FamilyModel) => (m.forests.recent.leaves[4] = Number.NaN),
      /figure 4 of its leaves/,
    ],
    ["falling maxima", (m: FamilyModel) => (m.calibration.dailyMaxima[0] = 1e9), /daily maximum 1/],
  ])("with %s is refused in a sentence", (_, change, says) => {
    const changed = read(valid);
    change(changed);
    expect(refusal(fileOf(changed))).toMatch(says);
  });

  test("with a spread of zero in a profile is refused", () => {
    const [first, ...rest] = model.profiles;
    expect(refusal(fileOf({ ...model, profiles: [{ ...first, spread: 0 }, ...rest] }))).toMatch(
      /profile 0: spread is 0/,
    );
  });

  test("whose header is JSON of any kind is refused or reads as the model it is", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(), (value, at) => {
        const changed = header();
        const place = at % 2 === 0 ? changed : own(changed);
        const keys = Object.keys(place);
        const key = keys[at % keys.length];
        place[key] = value;
        if (refusal(withHeader(changed)) !== undefined) return;
        // What can be anything is only carried along.
        expect(["unit", "fingerprint", "options", "seriesDays", "stepMs"]).toContain(key);
        expect(scoresOf(read(withHeader(changed)))).toBe(scoresOf(model));
      }),
      { numRuns: 300, examples: Array.from({ length: 30 }, (_, at): [JsonValue, number] => [{ toString: {} }, at]) },
    );
  });

  test("with changed bytes is refused, or scores to the end, within 64 MB", () => {
    read(valid);
    const before = process.memoryUsage().arrayBuffers;
    const bytes = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(bytes, (changes) => {
        const changed = Uint8Array.from(valid);
        for (const [at, value] of changes) changed[12 + (at % (changed.length - 44))] = value;
        const refused = refusal(signed(changed));
        expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64e6);
        if (refused === undefined) scoresOf(read(signed(changed)));
      }),
      { numRuns: 300 },
    );
  });
});
