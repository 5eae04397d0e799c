import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openPlace, type Place, parseLines } from "../chain/testing/place.js";
import { judgeIncidents } from "../evaluate/incidents.js";
import type { Manifest } from "../model/manifest.js";
import type { AnomalyRecord, HydratedRecord } from "../records/record.js";
import type { SeriesStatus } from "../records/status.js";
import { DEFAULT_FLEET } from "../simulate/options.js";
import { type Fleet, simulateFleet } from "../simulate/simulate.js";
import { type PromqlServer, prometheusAvailable, startPrometheus } from "../sources/testing/promql-servers.js";
import { DAY_MS } from "../time/duration.js";
import { COMMANDS } from "./commands/table.js";

const STEP_MS = 1_200_000;
const LIVE_DAYS = 3;
const HISTORY_DAYS = 24;

describe.skipIf(!prometheusAvailable())("the chain on a real Prometheus (skipped without Debian's prometheus)", () => {
  let prometheus: PromqlServer;
  let place: Place;
  let fleet: Fleet;
  const nowMs = Math.floor(Date.now() / STEP_MS) * STEP_MS;
  const liveFromMs = nowMs - LIVE_DAYS * DAY_MS;

  beforeAll(async () => {
    fleet = simulateFleet({
      ...DEFAULT_FLEET,
      seed: 11,
      machines: 3,
      historyDays: HISTORY_DAYS,
      liveDays: LIVE_DAYS,
      incidentsPerKind: 1,
      startMs: liveFromMs - HISTORY_DAYS * DAY_MS,
    });
    const whole = fleet.history.map((series, i) => ({
      labels: series.labels,
      values: [...series.values, ...fleet.live[i].values],
    }));
    const [startS, stepS] = [(liveFromMs - HISTORY_DAYS * DAY_MS) / 1000, STEP_MS / 1000];
    prometheus = await startPrometheus([
      ...whole.map(({ labels, values }) => ({
        labels: { __name__: "fleet", instance: labels["machine"] ?? "", aggregator: labels["aggregator"] ?? "" },
        startS,
        stepS,
        values: values.map((value) => (Number.isNaN(value) ? null : value)),
      })),
      // Counters whose rates are the fleet's first values, set back to zero every week.
      ...whole.slice(0, 2).map(({ labels, values }, i) => {
        let total = 0;
        return {
          labels: { __name__: "requests_total", instance: `${labels["machine"]}-${i}` },
          startS,
          stepS,
          values: values.map((value, slot) => {
            total = slot % 504 === 503 ? 0 : total + (Number.isNaN(value) ? 0 : value * stepS);
            return total;
          }),
        };
      }),
    ]);
    place = openPlace({ data: false, env: { PROMETHEUS_URL: prometheus.url } });
  }, 600_000);
  afterAll(async () => {
    place?.remove();
    await prometheus?.stop();
  });

  async function ran(line: string) {
    const run = await place.sh(line);
    expect(run.status, `${line}\n${run.stderr}`).toBe(0);
    return run;
  }
  const SOURCE = "--source prometheus --query fleet --label machine=instance";
  const until = new Date(liveFromMs).toISOString();
  /** As of one moment: a slow machine would otherwise look again after the next slot, and find it missing. */
  const AT = `--at ${new Date(nowMs).toISOString()}`;

  test("trains straight from it, month by month; the same again comes from the cache, to the byte", async () => {
    const range = `--from ${new Date(liveFromMs - HISTORY_DAYS * DAY_MS).toISOString()} --until ${until}`;
    const first = await ran(`anomaly train ${SOURCE} ${range}`);
    expect(first.stderr).toMatch(/Prometheus at 127\.0\.0\.1:\d+\/: .* requested\n18 series, step 20m, \d/);
    const model = (name: string) => JSON.parse(place.read("models", name, "manifest.json")) as Manifest;
    expect(model("default").data).toMatchObject({ step: "20m", series: 18, left_out: [] });
    const again = await ran(`anomaly train ${SOURCE} ${range} --model again`);
    expect(again.stderr).toMatch(/ 0 stretches requested, \d+ stretch(es)? of it from the cache/);
    expect(model("again").data).toEqual(model("default").data);
    const direct = await ran(`anomaly train ${SOURCE} ${range} --model direct --no-cache`);
    expect(direct.stderr).not.toContain("from the cache");
    expect(model("direct").data).toEqual(model("default").data);
  }, 600_000);

  test("the cache is listed and cleared", async () => {
    const listed = JSON.parse((await ran("anomaly cache ls --json")).stdout);
    expect(listed).toMatchObject([{ source: expect.stringContaining("Prometheus at 127.0.0.1"), asked: "fleet" }]);
    expect((await ran("anomaly cache ls")).stdout).toContain(listed[0].id);
    expect((await place.sh("anomaly cache clear nothing")).status).toBe(2);
    expect((await ran(`anomaly cache clear ${listed[0].id}`)).stderr).toMatch(/^1 history cleared, \d/);
    expect((await ran("anomaly cache")).stderr).toMatch(/^nothing in out\/cache\/ yet/);
  });

  test("finds the incidents of the live days, hydrates and draws them; every record fetches its own series", async () => {
    await ran(
      `anomaly infer ${SOURCE} ${AT} --lookback ${LIVE_DAYS}d -o - | tee records.ndjson | anomaly hydrate ${SOURCE} ${AT} | tee hydrated.ndjson | anomaly plot -o pictures`,
    );
    const records = parseLines<AnomalyRecord>(place.read("records.ndjson"));
    expect(judgeIncidents(records, fleet.truth, { toleranceMs: STEP_MS }).recall).toBeGreaterThanOrEqual(0.8);
    for (const { target, labels, machine } of records) {
      expect(target).toBe(`fleet{aggregator="${labels["aggregator"]}",instance="${machine}"}`);
    }
    const hydrated = parseLines<HydratedRecord>(place.read("hydrated.ndjson"));
    expect(hydrated.map(({ id }) => id)).toEqual(records.map(({ id }) => id));
    expect(hydrated.filter(({ hydrate_error }) => hydrate_error !== undefined)).toEqual([]);
  }, 600_000);

  test("several queries with equal labels: none loses a series, and each record has the 24 hours of its own", async () => {
    const of = (aggregator: string) => `'max by (instance) (fleet{aggregator="${aggregator}"})'`;
    const [presence, visits] = [of("client_presence_hour"), of("visit_length_hour")];
    const queries = `--source prometheus --query presence=${presence} --query visits=${visits} --query 1000*${visits}`;
    const trained = await ran(`anomaly train ${queries} --step 20m --from -20d --model several`);
    expect(trained.stderr).toMatch(/\n9 series, /);
    await ran(
      `anomaly infer ${queries} ${AT} --model several --threshold p80 --lookback ${LIVE_DAYS}d --state-dir several --states several-states.ndjson -o several.ndjson -q && anomaly hydrate ${queries} ${AT} several.ndjson -o several-hydrated.ndjson -q`,
    );
    const states = () => parseLines<SeriesStatus>(place.read("several-states.ndjson"));
    expect(states()).toHaveLength(9);
    expect(new Set(states().map(({ machine, aggregator }) => `${machine} ${aggregator}`)).size).toBe(9);
    const first = states();
    // From the remembered states on, and of each series that needs its history by itself, it is the same.
    await ran(
      `anomaly infer ${queries} ${AT} --model several --threshold p80 --lookback ${LIVE_DAYS}d --state-dir several --states several-states.ndjson -o several-again.ndjson -q`,
    );
    expect(states()).toEqual(first);
    const ids = (file: string) => parseLines<AnomalyRecord>(place.read(file)).map(({ id }) => id);
    expect(ids("several-again.ndjson")).toEqual(ids("several.ndjson"));
    const hydrated = parseLines<HydratedRecord>(place.read("several-hydrated.ndjson"));
    expect(new Set(hydrated.map(({ labels }) => labels["query"])).size).toBe(3);
    expect(new Set(hydrated.map(({ id }) => id)).size).toBe(hydrated.length);
    for (const { hydrate_error, labels, target, context, observed, timestamp } of hydrated) {
      expect([hydrate_error, target.includes(" or ")]).toEqual([undefined, false]);
      const aggregator = labels["query"] === "presence" ? "client_presence_hour" : "visit_length_hour";
      expect(target).toContain(aggregator);
      const slot = (Date.parse(timestamp) - Date.parse(context?.start ?? "")) / STEP_MS;
      expect([labels, timestamp, slot, context?.observed[slot]]).toEqual([labels, timestamp, slot, observed]);
    }
  }, 600_000);

  test("a series that the source has nothing of any more is no_data and one silence, whose id stays", async () => {
    const infer = `anomaly infer --source prometheus --query 'fleet unless on (instance) fleet{instance="${fleet.history[0].labels["machine"]}"}' --label machine=instance ${AT} --state-dir gone --states gone.ndjson -q`;
    const [first, second] = [await place.sh(`${infer} -o -`), await place.sh(`${infer} -o -`)];
    expect(first.status).toBe(0);
    const gone = (text: string) =>
      parseLines<AnomalyRecord>(text).filter(({ machine }) => machine === fleet.history[0].labels["machine"]);
    expect(gone(first.stdout).map(({ kind, status }) => `${kind} ${status}`)).toEqual(Array(6).fill("silence open"));
    expect(gone(second.stdout).map(({ id }) => id)).toEqual(gone(first.stdout).map(({ id }) => id));
    const states = parseLines<SeriesStatus>(place.read("gone.ndjson"));
    expect(states.filter(({ state }) => state === "no_data")).toHaveLength(6);
    const later = parseLines<AnomalyRecord>((await place.sh(`${infer} -o - --silence-after 60d`)).stdout);
    expect(later.filter(({ machine }) => machine === fleet.history[0].labels["machine"])).toEqual([]);
  }, 600_000);

  test("the examples of the help that need Prometheus work; counters are learned as rates", async () => {
    rmSync(join(place.folder, "out/cache"), { recursive: true, force: true });
    const lines = Object.values(COMMANDS).flatMap(({ examples }) =>
      examples.filter(({ needs }) => needs === "prometheus").map(({ line }) => line),
    );
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) await ran(line);
    const { options } = JSON.parse(place.read("models/requests/manifest.json")) as Manifest;
    expect(options).toMatchObject({ rate: true, asked: "requests_total" });
    const run = await ran("anomaly infer --source prometheus --query requests_total --model requests -o - -q");
    expect(run.stderr).toBe("");
  }, 600_000);

  test("jobs: all of them, each with its own model and states; one that fails does not keep the others from running", async () => {
    writeFileSync(
      place.path("jobs.yaml"),
      `source: prometheus
jobs:
  visits:
    query: 'fleet{aggregator=~"visit.*"}'
    label: machine=instance
    model: visits
  broken:
    query: sum(fleet
    model: broken
  presence:
    query: 'fleet{aggregator=~"client.*"}'
    label: machine=instance
    model: presence
`,
    );
    const jobs = "--config jobs.yaml --job";
    const trained = await place.sh(`anomaly train ${jobs} all --no-power`);
    expect([trained.status, trained.stderr.match(/^job \w+$/gm)]).toEqual([
      1,
      ["job visits", "job broken", "job presence"],
    ]);
    expect(trained.stderr).toMatch(/^error: job broken: nothing could be fetched: /m);
    expect(
      (await place.sh(`anomaly infer ${jobs} visits --job presence -o out/jobs.ndjson --lookback 3d`)).status,
    ).toBe(0);
    const machines = (job: string) => parseLines<SeriesStatus>(place.read("out", `states.${job}.ndjson`)).length;
    expect([machines("visits"), machines("presence")]).toEqual([6, 6]);
    const models = parseLines<AnomalyRecord>(place.read("out/jobs.ndjson")).map(({ model }) => model);
    expect(new Set(models)).toEqual(new Set(["visits", "presence"]));
    await ran(`anomaly infer ${jobs} visits -o - -q | anomaly hydrate ${jobs} visits | anomaly plot -o visits`);
  }, 600_000);

  test("a query that fails is one sentence, and a part that fails leaves a model, status 1 and its reason", async () => {
    const wrong = await place.sh("anomaly train --source prometheus --query 'sum(fleet' --model wrong");
    expect(wrong.status).toBe(1);
    expect(wrong.stderr).toMatch(/^error: nothing could be fetched: .*parse error/m);
    const part = await place.sh(
      `anomaly train ${SOURCE} --query 'sum(fleet' --from -20d --model part && exit 9; test $? -eq 1 && ls models/part`,
    );
    expect(part.stdout).toContain("manifest.json");
    expect(part.stderr).toMatch(/^error: sum\(fleet could not be fetched: /m);
  }, 600_000);
});
