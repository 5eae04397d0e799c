import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadDetector } from "./registry.js";
import { formatSpec, parseSpec, splitSpecs } from "./spec.js";

const word = fc.stringMatching(/^[a-z]{1,8}$/);
const value = fc.stringMatching(/^[0-9a-z.+=-]{1,8}$/);

describe("how a detector is written", () => {
  test("is read back as what was written, whatever the order of its options", () => {
    fc.assert(
      fc.property(word, fc.dictionary(word, value), (name, set) => {
        const reversed = Object.fromEntries(Object.entries(set).reverse());
        expect(parseSpec(formatSpec({ name, set }))).toEqual({ name, set: { ...set } });
        expect(formatSpec({ name, set: reversed })).toBe(formatSpec({ name, set }));
      }),
    );
  });

  test("a list of any detectors is split into what it was joined of, each once", () => {
    const spec = fc.record({ name: word, set: fc.dictionary(word, value, { maxKeys: 3 }) }).map(formatSpec);
    fc.assert(
      fc.property(fc.array(spec, { minLength: 1, maxLength: 5 }), (specs) => {
        expect(splitSpecs(specs.join(","))).toEqual([...new Set(specs)]);
      }),
      { seed: 3 },
    );
  });

  test.each([
    ["dynamics:", "is not a detector with options"],
    ["dynamics:bucket", "is not a detector with options"],
    ["dynamics:buckets=1h", 'has no option "buckets"; it has band, bucket, holidays'],
    ["dynamics:bucket=never", '"never" is no value for dynamics.bucket; it needs a duration from 5m to 24h'],
    ["dynamics:holidays=2026-13-01", "it needs dates as 2026-12-25"],
    ["zscore:k=-1", "it needs a number from 0 to 100"],
    ["family:k=3", "the detector family has no options"],
    ["static:high=1,low=2", "static.low (2) must be below static.high (1)"],
    ["no-such", 'there is no detector "no-such"'],
    ["./no-such-file.js", "cannot be loaded as a detector"],
  ])("%s is refused with what is wrong and what is needed", async (text, words) => {
    await expect(loadDetector(text)).rejects.toThrow(words);
  });

  test("names the detector that was loaded, so that two with other options share nothing", async () => {
    expect((await loadDetector("zscore:window=2h,k=4")).name).toBe("zscore:k=4,window=2h");
    expect((await loadDetector("zscore")).name).toBe("zscore");
  });
});
