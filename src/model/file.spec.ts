import { describe, expect, test } from "vitest";
import { DEFAULT_TRAINING, trainModel } from "../detectors/family/fit/train.js";
import { wave } from "../detectors/testing/wave.js";
import { ModelError } from "../errors/errors.js";
import { decodeModel, encodeModel, MODEL_FORMAT_VERSION, modelChecksum } from "./file.js";

const options = { ...DEFAULT_TRAINING, rows: 5000, fingerprint: "0".repeat(64) };
const series = [1, 2, 3].map((seed) => wave(16, seed));
const { model } = trainModel(series, options);
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

describe("the model file", () => {
  test("reads back as the model that was written, infinities included", () => {
    expect(decodeModel(bytes, "m")).toEqual(model);
    expect(model.series.some((s) => s.profile.zeroSlots === Number.POSITIVE_INFINITY || s.profile.zeroSlots > 0)).toBe(
      true,
    );
  });

  test("reads from any offset of a larger buffer", () => {
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(decodeModel(shifted.subarray(3), "m")).toEqual(model);
  });

  test("one seed, same data, same options: the same bytes; files in another order too", () => {
    expect(encodeModel(trainModel(series, options).model)).toEqual(bytes);
    expect(encodeModel(trainModel([...series].reverse(), options).model)).toEqual(bytes);
    expect(encodeModel(trainModel(series, { ...options, seed: 2 }).model)).not.toEqual(bytes);
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
