import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCaptured as anomaly } from "../cli/testing/captured.js";
import { TRAINED, triedDetectors } from "../detectors/testing/tried.js";

describe("the evidence of a record", () => {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "evidence-"));
    expect(
      (await anomaly(["train", "data/fleet/history", "--detector", TRAINED, "--models-dir", join(folder, "models")]))
        .exitCode,
    ).toBe(0);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(["auto", ...triedDetectors()])(
    "gives the score of every record to the last bit, with the detector %s",
    async (name) => {
      const [records, evidence] = [join(folder, `${name}.ndjson`), join(folder, name)];
      const place = ["--models-dir", join(folder, "models"), "--state-dir", join(folder, "state")];
      const found = await anomaly([
        ...["infer", "data/fleet", "--lookback", "4d", "--detector", name, "--evidence", evidence, "-o", records],
        ...[...place, "--states", join(folder, "states.ndjson"), "--store", join(folder, "store")],
      ]);
      expect(found.exitCode, found.stderr).toBe(0);
      const ids = readdirSync(evidence).map((file) => file.replace(".json", ""));
      expect(ids.length).toBeGreaterThan(3);
      for (const id of ids.slice(0, 3)) {
        const told = await anomaly(["explain", id, records, "--evidence", evidence, "--json", ...place.slice(0, 2)]);
        expect(told.exitCode, told.stderr).toBe(0);
        const { replayed, score, explanation } = JSON.parse(told.stdout);
        expect(replayed.is_same).toBe(true);
        expect(Number(replayed.score_now.toPrecision(6))).toBe(score);
        expect(explanation.parts.length).toBeGreaterThan(0);
      }
      // Values that were other ones: the score is, too, and the status says it.
      const path = join(evidence, `${ids[0]}.json`);
      const changed = JSON.parse(readFileSync(path, "utf8"));
      for (const back of [1, 2]) changed.values[changed.values.length - back] = 1000 * back;
      writeFileSync(path, JSON.stringify(changed));
      const told = await anomaly(["explain", ids[0], records, "--evidence", evidence, ...place.slice(0, 2)]);
      expect(told.exitCode).toBe(1);
      expect(told.stdout).toContain("another version of the detector");
    },
  );
});
