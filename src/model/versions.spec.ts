import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DEFAULT_TRAINING, trainModel } from "../detectors/family/fit/train.js";
import { wave } from "../detectors/testing/wave.js";
import { formatUtc } from "../time/format.js";
import { loadModel, readManifest, saveModel } from "./folder.js";
import type { ManifestDraft } from "./manifest.js";
import { testModel } from "./testing/test-model.js";
import { modelVersions, promoteVersion, saveChallenger } from "./versions.js";

const trained = trainModel([wave(16, 1)], { ...DEFAULT_TRAINING, rows: 2000 });
/** Models that differ in what they say of their data. */
const model = (n: number) => testModel(trained, { fingerprint: `${n}`.repeat(64) });
const DAY_MS = 86_400_000;
const draft = (day: number) =>
  ({ name: "cpu", trained_at: formatUtc(day * DAY_MS), data: { series: 1 } }) as unknown as ManifestDraft;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "anomaly-versions-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const challenge = (day: number, nowMs = day * DAY_MS) =>
  saveChallenger(folder, "cpu", model(day), draft(day), nowMs).version;
const roles = () => modelVersions(folder, "cpu").map(({ version, role }) => [version, role]);
const inUse = () => readFileSync(join(folder, "cpu/model.bin"));

describe("versions of a model", () => {
  test("a challenger stands beside the model in use, which stays as it is", () => {
    saveModel(folder, "cpu", model(1), draft(1));
    const before = inUse();
    const version = challenge(2);
    expect(inUse().equals(before)).toBe(true);
    expect(roles()).toEqual([
      [expect.any(String), "champion"],
      [version, "challenger"],
    ]);
    expect(modelVersions(folder, "other")).toEqual([]);
  });

  test("promotion puts a version in use byte for byte, keeps the one before, and can be undone", () => {
    saveModel(folder, "cpu", model(1), draft(1));
    const first = inUse();
    const version = challenge(2);
    const second = readFileSync(join(folder, "cpu/versions", version, "model.bin"));
    const { before, after } = promoteVersion(folder, "cpu", version, 0);
    expect(after).toBe(version);
    expect(inUse().equals(second)).toBe(true);
    expect(roles()).toEqual([
      [version, "champion"],
      [before, "former"],
    ]);
    expect(loadModel("cpu", folder).model.fingerprint).toBe("2".repeat(64));
    promoteVersion(folder, "cpu", before.slice(0, 8), 0);
    expect(inUse().equals(first)).toBe(true);
    expect(roles()).toEqual([
      [before, "champion"],
      [version, "challenger"],
    ]);
  });

  test("a version that is not there, or damaged, is refused, and nothing is changed", () => {
    saveModel(folder, "cpu", model(1), draft(1));
    const version = challenge(2);
    const before = inUse();
    expect(() => promoteVersion(folder, "cpu", "nope", 0)).toThrow(
      /the model cpu has no version "nope"; there are [0-9a-f]{16} \(champion\), [0-9a-f]{16} \(challenger\)/,
    );
    const path = join(folder, "cpu/versions", version, "model.bin");
    writeFileSync(path, readFileSync(path).subarray(0, 500));
    expect(() => promoteVersion(folder, "cpu", version, 0)).toThrow(/damaged|cut off/);
    expect(() => promoteVersion(folder, "nope", version, 0)).toThrow(/there is no model "nope" .*there are: cpu/);
    expect(inUse().equals(before)).toBe(true);
  });

  test("a promotion that was killed between its two files leaves a whole model, and the next one ends it", () => {
    saveModel(folder, "cpu", model(1), draft(1));
    const version = challenge(2);
    // What a killed promotion leaves: the old version is kept, the new file is in use under the old manifest.
    const [champion] = modelVersions(folder, "cpu");
    cpSync(join(folder, "cpu/model.bin"), join(folder, "cpu/versions", champion.version, "model.bin"));
    cpSync(join(folder, "cpu/manifest.json"), join(folder, "cpu/versions", champion.version, "manifest.json"));
    cpSync(join(folder, "cpu/versions", version, "model.bin"), join(folder, "cpu/model.bin"));
    expect(roles()).toEqual([
      [version, "champion"],
      [champion.version, "former"],
    ]);
    expect(loadModel("cpu", folder).model.fingerprint).toBe("2".repeat(64));
    expect(promoteVersion(folder, "cpu", version, 0)).toEqual({ before: version, after: version });
    expect(readManifest(join(folder, "cpu")).trained_at).toBe(formatUtc(2 * DAY_MS));
    expect(readdirSync(join(folder, "cpu/versions"))).toEqual([champion.version]);
    promoteVersion(folder, "cpu", champion.version, 0);
    expect(roles()).toEqual([
      [champion.version, "champion"],
      [version, "challenger"],
    ]);
  });

  test("a training that gives the model in use once more makes it younger, and no challenger", () => {
    saveModel(folder, "cpu", model(1), draft(1));
    const { version } = saveChallenger(folder, "cpu", model(1), draft(5), 5 * DAY_MS);
    expect(modelVersions(folder, "cpu")).toMatchObject([
      { version, role: "champion", manifest: { trained_at: formatUtc(5 * DAY_MS) } },
    ]);
    const next = challenge(6);
    promoteVersion(folder, "cpu", next, 0);
    expect(roles()).toEqual([
      [next, "champion"],
      [version, "former"],
    ]);
  });

  test("three challengers are kept, the newest, and what a killed process left is cleared away", () => {
    saveModel(folder, "cpu", model(1), draft(1));
    const left = join(folder, "cpu/versions", "0".repeat(16));
    mkdirSync(left, { recursive: true });
    writeFileSync(join(left, "model.bin"), "");
    utimesSync(left, 0, 0);
    const versions = [2, 3, 4, 5].map((day) => challenge(day));
    expect(roles().slice(1)).toEqual(
      versions
        .slice(1)
        .reverse()
        .map((version) => [version, "challenger"]),
    );
    expect(readdirSync(join(folder, "cpu/versions")).sort()).toEqual(versions.slice(1).sort());
    expect(existsSync(left)).toBe(false);
  });
});
