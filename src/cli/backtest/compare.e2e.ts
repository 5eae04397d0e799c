import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openPlace, type Place, parseLines } from "../../chain/testing/place.js";
import type { ComparedAlert } from "../../evaluate/alert-diff.js";
import type { AnomalyRecord } from "../../records/record.js";

type WrittenAlert = Omit<ComparedAlert, "scores"> & { readonly scores: Readonly<Record<string, number | null>> };

describe("anomaly backtest with several detectors", () => {
  let place: Place;
  const LINE = "anomaly backtest data/fleet --labels data/fleet/truth.json --tolerance 6h --refit 14d -q";
  beforeAll(() => {
    place = openPlace();
  });
  afterAll(() => place.remove());

  const ran = async (line: string) => {
    const run = await place.sh(line);
    expect(run.status, run.stderr).toBe(0);
    return run.stdout;
  };

  test("gives each the figures, scores and episodes that it has by itself", { timeout: 600_000 }, async () => {
    const compared = JSON.parse(await ran(`${LINE} --detector residual,dynamics:k=4 -o out/compared --json`));
    for (const [detector, folder] of [
      ["residual", "residual"],
      ["dynamics:k=4", "dynamics-k-4"],
    ]) {
      const alone = JSON.parse(await ran(`${LINE} --detector ${detector} -o out/alone --json`));
      const one = compared.detectors.find((each: { detector: string }) => each.detector === detector);
      expect(one.total).toEqual(alone.total);
      const names = readdirSync(place.path("out/alone")).filter((name) => !name.startsWith("."));
      expect(readdirSync(place.path("out/compared", folder)).sort()).toEqual(names.sort());
      for (const name of names) {
        expect(readFileSync(join(place.path("out/compared", folder), name), "utf8")).toBe(
          place.read("out/alone", name),
        );
      }
    }
  });

  test("every episode is in one alert, and the counts are those of the alerts", async () => {
    const printed = await ran(`${LINE} --detector residual,zscore,mad -o out/three`);
    const alerts = parseLines<WrittenAlert>(place.read("out/three/alerts.ndjson"));
    for (const detector of ["residual", "zscore", "mad"]) {
      const episodes = parseLines<AnomalyRecord>(place.read("out/three", detector, "episodes.ndjson"));
      expect(episodes.length).toBeGreaterThan(0);
      for (const { start, end } of episodes) {
        expect(
          alerts.some((alert) => alert.scores[detector] !== null && alert.start <= start && alert.end >= end),
        ).toBe(true);
      }
    }
    const having = (...names: string[]) =>
      alerts.filter(({ scores }) =>
        ["residual", "zscore"].every((name) => (scores[name] !== null) === names.includes(name)),
      );
    expect(printed).toMatch(
      new RegExp(
        `residual and zscore: +${having("residual", "zscore").length} in both, +${having("residual").length} only residual, +${having("zscore").length} only zscore`,
      ),
    );
  }, 600_000);

  test("another run in the same folder takes away what the one before wrote, and nothing of anyone else", async () => {
    await ran(`${LINE} --detector zscore -o out/again`);
    await ran(`${LINE} --detector zscore,mad -o out/again --plot`);
    writeFileSync(place.path("out/again/mad/notes.txt"), "mine");
    mkdirSync(place.path("out/again/own"));
    await ran(`${LINE} --detector zscore,static -o out/again`);
    const folder = (...names: string[]) => readdirSync(place.path("out/again", ...names)).sort();
    expect(folder()).toEqual([".backtest.json", "alerts.ndjson", "mad", "own", "static", "zscore"]);
    expect(folder("mad")).toEqual(["notes.txt"]);
  }, 600_000);
});
