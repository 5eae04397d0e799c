import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AnomalyRecord, HydratedRecord } from "../records/record.js";
import type { SeriesStatus } from "../records/status.js";
import { openPlace, parseLines } from "./testing/place.js";

const place = openPlace({ data: false });
afterAll(() => place.remove());
beforeAll(async () => {
  await ran("anomaly simulate f --machines 3 --days 16 --incidents 1 --seed 3 -q");
}, 600_000);

async function ran(line: string) {
  const run = await place.sh(line);
  expect(run.status, `${line}\n${run.stderr}`).toBe(0);
  return run;
}
const records = (file: string) => parseLines<AnomalyRecord>(place.read(file));
const states = (file: string) => parseLines<SeriesStatus>(place.read(file));

describe("infer without a model", { timeout: 600_000 }, () => {
  test("works from the first run on, says so, and says the same again from what it remembers", async () => {
    const { stderr } = await ran("anomaly infer f --lookback 3d -o a.ndjson --state-dir a");
    expect(stderr).toContain(
      'note: there is no model "default" yet, so each series is compared with its own past; anomaly train trains one',
    );
    const found = records("a.ndjson");
    expect(found.length).toBeGreaterThan(3);
    for (const record of found) {
      expect(record).toMatchObject({ detector: "residual", model_version: null, threshold: "own" });
    }
    const first = place.read("a.ndjson");
    expect((await ran("anomaly infer f --lookback 3d -o a.ndjson --state-dir a")).stderr).toContain(", 0 new");
    expect(place.read("a.ndjson")).toBe(first);
    expect(place.files("a").some((name) => name.endsWith(".watch"))).toBe(true);
    await ran("anomaly hydrate a.ndjson --data f -q -o h.ndjson");
    expect(place.read("h.ndjson")).toContain('"upper":[0.');
  });

  test("of a series younger than a day says from when on it is scored, with status 0", async () => {
    await ran("mkdir young; for file in f/live/*.csv; do head -31 $file > young/$(basename $file); done");
    const { stderr } = await ran("anomaly infer young -o y.ndjson --states y.states --state-dir y --summary y.summary");
    const all = states("y.states");
    const first = Date.parse(place.read("young", place.files("young")[0]).split("\n")[1].split(",")[0]);
    const ready = new Date(first + 86_400_000).toISOString().replace(":00.000Z", "Z");
    expect(all.length).toBeGreaterThan(0);
    for (const { state, ready_at } of all) {
      expect(state).toBe("warming");
      expect(Date.parse(ready_at ?? "")).toBeGreaterThanOrEqual(Date.parse(ready));
    }
    const last = all.map(({ ready_at = "" }) => ready_at).sort()[all.length - 1];
    expect(stderr).toContain(`series now: ${all.length} warming; ready `);
    expect(stderr).toContain(last.replace(":00Z", "Z"));
    expect(JSON.parse(place.read("y.summary")).ready_at).toBe(last);
    expect((await ran("anomaly show y.ndjson --states y.states")).stderr).toContain(
      `${all.length} series warming; ready `,
    );
    expect(all.filter(({ reason }) => reason === `less than 24h of history; ready at ${ready}`).length).toBeGreaterThan(
      all.length / 2,
    );
  });

  test("names the files' series that are on a coarser step than the others", async () => {
    await ran("anomaly simulate slow --machines 1 --days 16 --fleet-step 1h --incidents 1 --seed 5 -q");
    await ran("sed -i '1s/,n/,hourly-n/g' slow/*/*.csv");
    const { stderr } = await ran("anomaly infer f slow -o b.ndjson --states b.states --state-dir b");
    expect(stderr).toMatch(
      /note: 6 series are left out, such as hourly-n\S+ \(client_presence_day\): its step is 1h, coarser than 20m;/,
    );
  });

  test("takes --silence-after: a gap that is ordinary becomes a silence", async () => {
    const silences = async (option: string) => {
      await ran(`anomaly infer f --lookback 3d ${option} -q -o s.ndjson --state-dir s --fresh`);
      const some = records("s.ndjson").filter(({ kind }) => kind === "silence");
      await ran("rm s.ndjson");
      return some;
    };
    const usual = await silences("");
    const after = await silences("--silence-after 40m");
    expect(after.length).toBeGreaterThan(usual.length);
    for (const { duration_s } of usual) expect(duration_s).toBeGreaterThanOrEqual(7200);
    expect(Math.min(...after.map(({ duration_s }) => duration_s))).toBe(2400);
  });

  test("takes the thresholds that backtest takes: fewer alarms the stricter it is, and the records say which", async () => {
    const found: number[] = [];
    for (const option of ["--threshold p75", "--threshold p99.9", "--max-episodes 3/week"]) {
      await ran(`anomaly infer f --lookback 3d ${option} -q -o t.ndjson --state-dir t`);
      const some = records("t.ndjson");
      found.push(some.filter(({ kind }) => !["silence", "stall"].includes(kind)).length);
      const first = place.read("t.ndjson");
      for (const { threshold, threshold_divisor } of some) {
        expect(option).toContain(threshold);
        expect(threshold_divisor).toBeGreaterThan(0);
      }
      await ran(`anomaly infer f --lookback 3d ${option} -q -o t.ndjson --state-dir t`);
      expect(place.read("t.ndjson")).toBe(first);
      await ran("rm -r t.ndjson t");
    }
    expect(found[0]).toBeGreaterThan(found[1]);
    await ran(
      "anomaly infer f --lookback 3d --threshold p75 -q -o t.ndjson --state-dir t && anomaly hydrate t.ndjson --data f -q -o th.ndjson",
    );
    for (const { timestamp, upper, context } of parseLines<HydratedRecord>(place.read("th.ndjson"))) {
      if (upper === null || context === null) continue;
      const at = (Date.parse(timestamp) - Date.parse(context.start)) / 1000 / context.step_s;
      // The band is drawn from a history that begins elsewhere: what is kept in steps of 4.4 % may be one step apart.
      expect(Math.abs((context.upper[at] ?? Number.NaN) / upper - 1)).toBeLessThan(0.045);
    }
  });

  test("needs one where a flag names a model or the detector of one, and says how to make it", async () => {
    for (const option of ["--model nope", "--detector family"]) {
      const run = await place.sh(`anomaly infer f ${option}`);
      expect(run.status).toBe(1);
      expect(run.stderr).toMatch(/^error: there is no model ".*" in models\/ .*; make it with: anomaly train\n$/);
    }
  });

  test("hands over to the model once it is there, and closes what it had found by itself", async () => {
    await ran("anomaly infer f --lookback 3d -q -o over.ndjson --state-dir over");
    await ran("anomaly train f/history -q --no-power");
    await ran("anomaly infer f --lookback 3d -q -o over.ndjson --state-dir over");
    const detectors = new Set(records("over.ndjson").map(({ detector }) => detector));
    expect([...detectors].sort()).toEqual(["family", "residual"]);
    await ran("anomaly infer f --lookback 1h -q -o over.ndjson --state-dir over");
    for (const { detector, status } of records("over.ndjson"))
      if (detector === "residual") expect(status).toBe("closed");
  });
});
