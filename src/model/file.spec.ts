import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { emptySlot } from "../detectors/detector.js";
import { decodeFamily } from "../detectors/family/codec.js";
import { DEFAULT_TRAINING, trainModel } from "../detectors/family/fit/train.js";
import { openModel } from "../detectors/family/learned.js";
import { wave } from "../detectors/testing/wave.js";
import { ModelError } from "../errors/errors.js";
import { seriesKey } from "../series/series.js";
import { decodeModel, encodeModel, MODEL_FORMAT_VERSION, modelChecksum } from "./file.js";
import type { Model } from "./model.js";
import { testChoice } from "./testing/test-choice.js";
import { testModel } from "./testing/test-model.js";

const options = { ...DEFAULT_TRAINING, rows: 5000 };
const series = [1, 2, 3].map((seed) => wave(16, seed));
const trained = trainModel(series, options);
const model = testModel(trained);
const bytes = encodeModel(model);

function refusal(damaged: Uint8Array): ModelError {
  try {
    decodeModel(damaged, "models/x/model.bin");
  } catch (error) {
    if (error instanceof ModelError) return error;
    throw error;
  }
  throw new Error("it was read");
}

/** A day of 110, a night of 90, and the noise of a linear congruential generator: the same anywhere. */
function squareWave(seed: number, slots: number): Float64Array {
  let state = seed;
  return Float64Array.from({ length: slots }, (_, i) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return 100 + 10 * (i % 24 < 12 ? 1 : -1) + (state % 100) / 20;
  });
}

describe("the model file", () => {
  /** The inventory holds a function, so it is compared by what it says. */
  const plain = ({ inventory, ...rest }: Model) => ({ ...rest, series: inventory.series });

  test("reads back as the model that was written, infinities included", () => {
    const read = decodeModel(bytes, "m");
    expect(plain(read)).toEqual(plain(model));
    const { profiles } = decodeFamily(read.sections["family"], read.inventory.series.length);
    expect(profiles).toEqual(trained.model.profiles);
    expect(profiles.some(({ zeroSlots }) => zeroSlots === Number.POSITIVE_INFINITY || zeroSlots > 0)).toBe(true);
  });

  test("reads back with the choice of detectors, which a file of an earlier version has none of", () => {
    const choice = testChoice(3);
    expect(decodeModel(encodeModel({ ...model, choice }), "m").choice).toEqual(choice);
    expect("choice" in decodeModel(bytes, "m")).toBe(false);
  });

  test("finds a series by its identity", () => {
    const { inventory } = decodeModel(bytes, "m");
    expect(inventory.series.map(({ labels }) => inventory.indexOf(seriesKey(labels)))).toEqual([0, 1, 2]);
    expect(inventory.indexOf("another")).toBe(undefined);
  });

  test("reads from any offset of a larger buffer", () => {
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(plain(decodeModel(shifted.subarray(3), "m"))).toEqual(plain(model));
  });

  test("of format 1 scores as version 0.1 did, which wrote it", () => {
    const path = fileURLToPath(new URL("./testing/format-1.bin", import.meta.url));
    const { inventory, sections, ...envelope } = decodeModel(readFileSync(path), path);
    expect(envelope).toMatchObject({ stepMs: 3_600_000, timezone: "UTC", unit: "ratio", fingerprint: "f".repeat(64) });
    expect(inventory.series.map(({ name }) => name)).toEqual(["n1", "n2"]);
    const old = decodeFamily(sections["family"], 2);
    const scorer = openModel(old).open(old.profiles[0]);
    const slot = emptySlot();
    const probe = squareWave(7, 120);
    probe[100] = 400;
    const scores = Array.from(probe, (value, i) => {
      scorer.push(1_751_328_000_000 + i * 3_600_000, value, slot);
      return slot.score;
    });
    // Printed by version 0.1 for the same values.
    expect(scores.slice(96, 104)).toEqual([
      0.8607650096003419, 0.5324438025252789, 0.46894523091306656, 0.46523192718588285, 105.349152495867,
      0.6785262849519486, 0.8700809942115086, 0.9239235538088904,
    ]);
  });

  test("one seed, same data, same options: the same bytes; files in another order too", () => {
    expect(encodeModel(testModel(trainModel(series, options)))).toEqual(bytes);
    expect(encodeModel(testModel(trainModel([...series].reverse(), options)))).toEqual(bytes);
    expect(encodeModel(testModel(trainModel(series, { ...options, seed: 2 })))).not.toEqual(bytes);
  });

  test("is refused, saying what is wrong, when it is no model, too new, cut off anywhere or has a flipped bit anywhere", () => {
    expect(refusal(Buffer.from("PK\u0003\u0004 some other file")).code).toBe("model.magic");
    expect(refusal(new Uint8Array(0)).code).toBe("model.magic");
    const newer = Uint8Array.from(bytes);
    newer[8] = MODEL_FORMAT_VERSION + 1;
    expect(refusal(newer).message).toContain(`reads up to ${MODEL_FORMAT_VERSION}`);
    for (const length of [9, 40, 100, bytes.length - 33, bytes.length - 1]) {
      expect(["model.truncated", "model.checksum"]).toContain(refusal(bytes.subarray(0, length)).code);
    }
    for (let at = 12; at < bytes.length; at += Math.ceil(bytes.length / 40)) {
      const flipped = Uint8Array.from(bytes);
      flipped[at] ^= 4;
      expect(refusal(flipped).code).toBe("model.checksum");
    }
  });

  test("the message names the file and the next step", () => {
    expect(refusal(bytes.subarray(0, 5000)).message).toMatch(/models\/x\/model\.bin is damaged: .* train again/);
  });

  test("carries its own checksum", () => {
    expect(modelChecksum(bytes)).toMatch(/^[0-9a-f]{64}$/);
  });
});
