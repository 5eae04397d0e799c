import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { HydratedRecord } from "../records/record.js";
import { openPlace, type Place } from "./testing/place.js";

let place: Place;
beforeAll(async () => {
  place = openPlace({ data: true });
  const infer = "infer data/fleet --lookback 4d --detector residual --at 2025-07-04T00:00Z --group-by machine";
  await run(`anomaly ${infer} -q -o - | anomaly hydrate --data data/fleet -q -o out/hydrated.ndjson`);
}, 600_000);
afterAll(() => place?.remove());

async function run(command: string): Promise<string> {
  const done = await place.sh(command);
  expect(done.status, done.stderr).toBe(0);
  return done.stdout;
}

const groupRecords = (file: string): HydratedRecord[] =>
  readFileSync(join(place.folder, file), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
    .filter(({ kind }) => kind === "group");

test("a machine on which several series were anomalous is found, by the series that drive it", async () => {
  const [group, ...others] = groupRecords("out/hydrated.ndjson");
  expect(others).toEqual([]);
  expect(group).toMatchObject({
    machine: "n201-primary-example-com",
    start: "2025-07-02T11:40:00Z",
    member_count: 6,
    context: null,
  });
  expect(group.hydrate_error).toBeUndefined();
  // The two series of the labelled incident.
  expect(group.members?.slice(0, 2).map(({ labels }) => labels["aggregator"])).toEqual([
    "client_presence_hour",
    "client_presence_day",
  ]);
  for (const { context, share } of group.members ?? []) {
    expect(context?.observed).toHaveLength(72);
    expect(context?.expected.some((value) => value !== null)).toBe(true);
    expect(share).toBeGreaterThan(0);
  }
});

test("show, explain and report name the members, and plot draws them", async () => {
  const [{ id }] = groupRecords("out/hydrated.ndjson");
  expect(await run("anomaly show out/hydrated.ndjson")).toMatch(
    /6 series\s+group .*driven by client_presence_hour \d+ %/,
  );
  const explained = await run(`anomaly explain ${id} out/hydrated.ndjson`);
  expect(explained).toMatch(/who drives it\n +series +share +own score +off the others\n +client_presence_hour/);
  expect(explained).not.toMatch(/observed|no value came/);
  await run("anomaly report out/hydrated.ndjson -q -o out/report.html");
  const page = readFileSync(join(place.folder, "out/report.html"), "utf8");
  expect(page).toContain("<h2>Groups of series</h2>");
  expect(page).toMatch(/<td class="w">client_presence_hour<\/td><td class="n">\d+ %<\/td>/);
  await run("anomaly plot out/hydrated.ndjson -q --format svg -o out/pictures");
  const name = readdirSync(join(place.folder, "out/pictures")).find((file) => file.includes("_group_"));
  expect(readFileSync(join(place.folder, "out/pictures", name ?? "none"), "utf8")).toContain("client_presence_hour");
});

test("any number of threads finds the same groups, and the states file says how each is", async () => {
  const infer = (threads: number) =>
    run(
      `anomaly infer data/fleet --lookback 4d --at 2025-07-04T00:00Z --detector residual --group-by machine --threads ${threads} --states out/states.ndjson -q -o -`,
    );
  expect(await infer(3)).toBe(await infer(1));
  const states = readFileSync(join(place.folder, "out/states.ndjson"), "utf8").trim().split("\n");
  const groups = states.map((line) => JSON.parse(line)).filter(({ members }) => members !== undefined);
  expect(groups.map(({ machine, members, state }) => [machine, members, state])).toEqual(
    ["n200", "n201", "n202"].map((machine) => [`${machine}-primary-example-com`, 6, "ok"]),
  );
});

test("backtest replays groups, and refuses them for several detectors", async () => {
  const table = await run(
    "anomaly backtest data/fleet/history data/fleet/live --detector residual --group-by machine -q -o out/backtest",
  );
  expect(table).toMatch(/group +series +alarms +episodes\nmachine=n200-primary-example-com +6/);
  const [{ start }] = groupRecords("out/backtest/episodes.ndjson");
  expect(start).toBe("2025-07-02T11:40:00Z");
  const several = await place.sh("anomaly backtest data/fleet/live --detector residual,zscore --group-by machine");
  expect(several.status).toBe(2);
  expect(several.stderr).toMatch(/--group-by looks at the scores of one detector/);
});
