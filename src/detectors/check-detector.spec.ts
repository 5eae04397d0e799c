import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { CARDS } from "./cards.js";
import { checkDetector } from "./check-detector.js";
import { DETECTORS, loadDetector, needsModel } from "./registry.js";

const folder = mkdtempSync(join(tmpdir(), "own-detector-"));
afterAll(() => rmSync(folder, { recursive: true }));

let written = 0;
/** The promises that a forecaster of one's own breaks, by their first words. */
async function brokenBy(body: string): Promise<string[]> {
  const path = join(folder, `own-${written++}.js`);
  writeFileSync(
    path,
    `export default { forecaster: () => ({ words: "w", expected: NaN, below: NaN, above: NaN, ${body} }) };\n`,
  );
  const detector = await loadDetector(path);
  return [...checkDetector(detector)].flatMap(({ promise, failure }) => (failure === null ? [] : [promise]));
}

test("every detector has a card that says what it is good and bad for", () => {
  expect(Object.keys(CARDS).sort()).toEqual(Object.keys(DETECTORS).sort());
});

describe("the check of detectors", () => {
  test.each(Object.keys(DETECTORS).filter((name) => !needsModel(name)))(
    "is passed by %s",
    { timeout: 300_000 },
    async (name) => {
      const failed = [...checkDetector(await loadDetector(name))].filter(({ failure }) => failure !== null);
      // Limits that nobody has set see no outage, and that is all they may miss.
      expect(failed.filter(({ promise }) => name !== "static" || !promise.startsWith("an outage"))).toEqual([]);
    },
  );

  test("is passed by a forecaster of one's own that keeps to the contract", async () => {
    const body = `last: NaN,
      look() { this.expected = this.last; this.below = this.above = 2; },
      learn(timeMs, value) { if (value === value) this.last = value; },
      walk(state) { this.last = state.number(this.last); }`;
    expect(await brokenBy(body)).toEqual([]);
  });

  test("finds a state that is not walked through", async () => {
    const body = `last: NaN,
      look() { this.expected = this.last; this.below = this.above = 2; },
      learn(timeMs, value) { if (value === value) this.last = value; },
      walk() {}`;
    const broken = await brokenBy(body);
    expect(broken.length).toBeGreaterThan(0);
    expect(broken.every((promise) => promise.startsWith("from a checkpoint"))).toBe(true);
  });

  test("finds a band that nothing leaves", async () => {
    const broken = await brokenBy(
      "look() { this.expected = 10; this.below = this.above = 1e9; }, learn() {}, walk() {}",
    );
    expect(broken.some((promise) => promise.startsWith("an outage"))).toBe(true);
  });

  test("finds what throws", async () => {
    const broken = await brokenBy(`look() { throw new Error("no"); }, learn() {}, walk() {}`);
    expect(broken.length).toBeGreaterThan(20);
  });
});
