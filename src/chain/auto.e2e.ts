import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { autoNames } from "../detectors/registry.js";
import { judgeIncidents } from "../evaluate/incidents.js";
import { parseTruth } from "../evaluate/truth.js";
import { loadModel, readManifest, saveModel } from "../model/folder.js";
import { testChoice } from "../model/testing/test-choice.js";
import type { AnomalyRecord, HydratedRecord } from "../records/record.js";
import type { SeriesStatus } from "../records/status.js";
import { seriesKey } from "../series/series.js";
import { openPlace, parseLines } from "./testing/place.js";

const place = openPlace({ data: true });
afterAll(() => place.remove());
const MODELS = join(place.folder, "models");

async function ran(line: string) {
  const run = await place.sh(line);
  expect(run.status, `${line}\n${run.stderr}`).toBe(0);
  return run;
}
const records = (file: string) => parseLines<AnomalyRecord>(place.read(file));
/** Without the moment of the run. */
const findings = (file: string) => records(file).map(({ detected_at: _, ...record }) => record);

/** The model as if measuring had chosen the detectors by turns. */
function chooseByTurns(name: string): ReadonlyMap<string, string> {
  const { model } = loadModel("default", MODELS);
  const { model_sha256: _, model_bytes: __, ...draft } = readManifest(join(MODELS, "default"));
  const { series } = model.inventory;
  const choice = testChoice(series.length, {
    detectors: [
      { name: "family", divisor: 1 },
      { name: "residual", divisor: 1 },
    ],
  });
  saveModel(MODELS, name, { ...model, choice }, { ...draft, name });
  return new Map(series.map(({ labels }, i) => [seriesKey(labels), i % 2 === 0 ? "family" : "residual"]));
}

describe("infer with --detector auto", { timeout: 600_000 }, () => {
  let chosen: ReadonlyMap<string, string>;
  beforeAll(async () => {
    await ran("anomaly train data/fleet/history -q --no-power");
    chosen = chooseByTurns("turns");
    await ran("anomaly infer data/fleet --lookback 4d --model turns -q -o auto.ndjson --state-dir a --states a.states");
    for (const name of ["family", "residual"]) {
      const options = `--model turns --detector ${name} -q -o ${name}.ndjson --state-dir ${name} --states ${name}.states`;
      await ran(`anomaly infer data/fleet --lookback 4d ${options}`);
    }
  }, 600_000);

  test("finds of each series what the detector chosen for it finds, and records name that one", () => {
    const wanted = ["family", "residual"].flatMap((name) =>
      findings(`${name}.ndjson`).filter(({ labels }) => chosen.get(seriesKey(labels)) === name),
    );
    const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
    expect(new Set(wanted.map(({ detector }) => detector)).size).toBe(2);
    expect(findings("auto.ndjson").sort(byId)).toEqual(wanted.sort(byId));
    expect(parseLines<SeriesStatus>(place.read("a.states"))).toHaveLength(18);
  });

  test("a second run continues from the checkpoints of both and changes nothing", async () => {
    const first = place.read("auto.ndjson");
    const { stderr } = await ran(
      "anomaly infer data/fleet --lookback 4d --model turns -v -o auto.ndjson --state-dir a --states a.states",
    );
    expect(stderr.match(/continued 9 series from their checkpoints/g)).toHaveLength(2);
    expect(place.read("auto.ndjson")).toBe(first);
  });

  test("hydrate, plot and explain replay each record with the detector that it names", async () => {
    await ran("anomaly hydrate auto.ndjson --data data/fleet -q -o h.ndjson");
    const hydrated = parseLines<HydratedRecord>(place.read("h.ndjson"));
    expect(hydrated.filter(({ upper, context }) => upper !== null && context !== null).length).toBeGreaterThan(5);
    for (const { timestamp, upper, context } of hydrated) {
      if (upper === null || context === null) continue;
      const at = (Date.parse(timestamp) - Date.parse(context.start)) / 1000 / context.step_s;
      // Residual bands remember a little of what was before the history that is fetched for them.
      expect(Math.abs((context.upper[at] ?? 0) / upper - 1)).toBeLessThan(0.03);
    }
    await ran("anomaly plot h.ndjson -q -o plots");
    expect(place.files("plots").length).toBeGreaterThan(hydrated.length);
    for (const name of ["family", "residual"]) {
      const { id } = hydrated.find(({ detector }) => detector === name) as HydratedRecord;
      expect((await ran(`anomaly explain ${id} auto.ndjson`)).stdout).toContain(name);
    }
  });

  test("an episode that another detector left open is closed, not doubled; one of the detector that stays is kept", async () => {
    const at = (time: string) =>
      `anomaly infer data/fleet --models-dir later --at ${time} -q -o ${time}.ndjson --state-dir ${time} --states s`;
    const openAt = (time: string) => records(`${time}.ndjson`).filter(({ status }) => status === "open");
    // In a drop and a stall of series that family is chosen for, and in a level shift of one that residual is chosen for.
    const [handed, kept] = ["2025-07-01T09:40Z", "2025-07-01T19:40Z"];
    for (const time of [handed, kept]) await ran(at(time));
    const before = { handed: openAt(handed), kept: openAt(kept) };
    await ran("mkdir later && cp -r models/turns later/default");
    for (const time of [handed, kept]) await ran(at(time));
    expect(before.handed.map(({ detector }) => detector)).toEqual(["residual", "residual"]);
    const now = openAt(handed);
    const keys = (some: readonly AnomalyRecord[]) => some.map(({ labels }) => seriesKey(labels)).sort();
    expect(keys(now)).toEqual(keys(before.handed));
    expect(now.map(({ detector }) => detector)).toEqual(["family", "family"]);
    expect(before.kept.map(({ id }) => id)).toEqual(openAt(kept).map(({ id }) => id));
    expect(openAt(kept)).toMatchObject([{ detector: "residual" }]);
  });
});

describe("on the packaged fleet", { timeout: 600_000 }, () => {
  test("auto finds no fewer incidents than the better of the detectors, with no more false alarms", async () => {
    await ran("anomaly train data/fleet/history -q --model measured");
    const truth = parseTruth(place.read("data", "fleet", "truth.json"), "truth.json");
    const judged = new Map<string, ReturnType<typeof judgeIncidents>>();
    for (const name of ["auto", ...autoNames("low")]) {
      await ran(
        `anomaly infer data/fleet --lookback 4d --model measured --detector ${name} -q --fresh -o m-${name}.ndjson --state-dir m-${name} --states m.states`,
      );
      judged.set(name, judgeIncidents(records(`m-${name}.ndjson`), truth, { toleranceMs: 2_400_000 }));
    }
    const each = autoNames("low").map((name) => judged.get(name));
    expect(judged.get("auto")?.found).toBeGreaterThanOrEqual(Math.max(...each.map((one) => one?.found ?? 0)));
    expect(judged.get("auto")?.falseAlarms).toBeLessThanOrEqual(Math.min(...each.map((one) => one?.falseAlarms ?? 0)));
  });

  test("train --effort normal lets auto choose among all detectors that cost little more", async () => {
    await ran("anomaly train data/fleet/history -q --model wide --effort normal");
    const { series } = JSON.parse((await ran("anomaly models show wide --power --json")).stdout);
    expect(series.filter(({ detector }: { detector: string }) => !autoNames("normal").includes(detector))).toEqual([]);
    await ran(
      "anomaly infer data/fleet --lookback 4d --model wide -q --fresh -o wide.ndjson --state-dir wide --states m.states",
    );
    const truth = parseTruth(place.read("data", "fleet", "truth.json"), "truth.json");
    const { found, falseAlarms } = judgeIncidents(records("wide.ndjson"), truth, { toleranceMs: 2_400_000 });
    expect(found).toBeGreaterThanOrEqual(10);
    expect(falseAlarms).toBeLessThanOrEqual(2);
  });

  test("models show --power lists every series, worst first, as a table, as JSON and as a picture", async () => {
    const { stdout } = await ran("anomaly models show measured --power --png power.png -q");
    const [about, , , head, ...rows] = stdout.trimEnd().split("\n");
    expect(about).toContain("80 % are found");
    expect(head).toMatch(/^series +detector +power +spike +shift 30m .* silence +pattern/);
    expect(rows).toHaveLength(18);
    const powers = rows.map((row) => Number(/ (0\.\d\d)/.exec(row)?.[1]));
    expect(powers).toEqual([...powers].sort((a, b) => a - b));
    expect(readFileSync(place.path("power.png")).subarray(1, 4).toString()).toBe("PNG");
    const json = JSON.parse((await ran("anomaly models show measured --power --json")).stdout);
    expect(json.series).toHaveLength(18);
    for (const { detector, power, smallest } of json.series) {
      expect(detector).toBe("family");
      expect(power).toBeGreaterThan(0.3);
      expect(smallest.shift_4h.of_level).toBeLessThan(smallest.shift_30m.of_level * 1.5);
      expect(smallest.silence.duration_s).toBeGreaterThan(0);
    }
    const manifest = JSON.parse(place.read("models", "measured", "manifest.json"));
    expect(manifest.power).toMatchObject({ share: 0.8, nearly_blind: {}, tried: expect.any(Number) });
    const none = await place.sh("anomaly models show default --power");
    expect(none.status).toBe(1);
    expect(none.stderr).toContain("does not say what would be found; train it again, without --no-power");
  });
});
