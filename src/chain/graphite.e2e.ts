import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Manifest } from "../model/manifest.js";
import type { AnomalyRecord, HydratedRecord } from "../records/record.js";
import type { SeriesStatus } from "../records/status.js";
import type { Series } from "../series/series.js";
import { type GrafanaStandIn, startGrafanaStandIn } from "../sources/testing/grafana-standin.js";
import { type GraphiteServer, graphiteAvailable, startGraphite } from "../sources/testing/graphite-server.js";
import { DAY_MS, HOUR_MS } from "../time/duration.js";
import {
  fleetUntil,
  HISTORY_END_MS,
  HISTORY_START_MS,
  INJECTED,
  ordinaryFleet,
  STEP_MS,
} from "./testing/live-fleet.js";
import { openPlace, type Place, parseLines } from "./testing/place.js";

const TEMPLATE = "statsd.{machine}.gauges.aggregator.agg_length_behind_ratio.{aggregator}";
const pathOf = ({ labels }: Pick<Series, "labels">) =>
  TEMPLATE.replace("{machine}", labels.machine ?? "").replace("{aggregator}", labels.aggregator ?? "");
const TOKEN = "glsa_chain_of_the_tests";
const UID = "graphite-main";
const GRAPHITE = `--source graphite --template '${TEMPLATE}'`;
const GRAFANA = `--source grafana --datasource-uid ${UID} --template '${TEMPLATE}'`;

/** A moment long past, in the week after the history that is learned. */
const PAST_MS = HISTORY_END_MS + 5 * DAY_MS;
const PAST = new Date(PAST_MS).toISOString();
/** The newest whole slot ends here, and what is written in two parts is first written until some hours before. */
const NOW_MS = Math.floor(Date.now() / STEP_MS) * STEP_MS;
const EARLIER_MS = NOW_MS - 2 * HOUR_MS;

const expected = INJECTED.map(({ machine, aggregator, kind }) => `${machine} ${aggregator} ${kind}`).sort();
const found = (records: readonly AnomalyRecord[]) =>
  records.map(({ machine, aggregator, kind }) => `${machine} ${aggregator} ${kind}`).sort();

describe.skipIf(!graphiteAvailable())("the chain on a real Graphite (skipped without Debian's graphite-web)", () => {
  let graphite: GraphiteServer;
  let grafana: GrafanaStandIn;
  let place: Place;

  beforeAll(async () => {
    graphite = await startGraphite({ retentions: "20m:10y" });
    grafana = await startGrafanaStandIn(graphite.url, TOKEN, UID);
    place = openPlace({ data: false, env: { GRAFANA_URL: grafana.url, GRAFANA_SERVICE_ACCOUNT_TOKEN: TOKEN } });
    const ordinary = ordinaryFleet();
    const live = fleetUntil(ordinary, NOW_MS, pathOf);
    const earlier = live.map((one) => ({ ...one, values: one.values.slice(0, -(NOW_MS - EARLIER_MS) / STEP_MS) }));
    await graphite.writeHistories([...fleetUntil(ordinary, PAST_MS, pathOf), ...earlier]);
    writeFileSync(place.path("history.csv"), await exportCsv());
    const trained = await place.sh(`anomaly train history.csv --series '${TEMPLATE}'`);
    expect(trained.status, trained.stderr).toBe(0);
    expect(trained.stderr).toContain("long, comma, no header");
  }, 600_000);

  afterAll(async () => {
    place?.remove();
    await grafana?.stop();
    await graphite?.stop();
  });

  /** What a person would download: Graphite's own CSV of the weeks to learn from. */
  async function exportCsv(): Promise<string> {
    const query = new URLSearchParams({ target: pathOf({ labels: { machine: "*", aggregator: "*" } }), format: "csv" });
    query.set("tz", "UTC");
    // `from` is exclusive and `until` inclusive.
    query.set("from", String(HISTORY_START_MS / 1000 - 1));
    query.set("until", String(HISTORY_END_MS / 1000 - 1));
    const reply = await fetch(`${graphite.url}/render`, { method: "POST", body: query });
    expect(reply.ok).toBe(true);
    return reply.text();
  }

  async function ran(line: string) {
    const run = await place.sh(line);
    expect(run.status, `${line}\n${run.stderr}`).toBe(0);
    return run;
  }
  const records = <T = AnomalyRecord>(name: string) => parseLines<T>(place.read(name));

  test("training knows each series of the export by its machine and aggregator, and its whole range", async () => {
    const manifest: Manifest = JSON.parse(place.read("models/default/manifest.json"));
    expect(manifest.data).toMatchObject({
      step: "20m",
      series: 12,
      from: "2025-05-05T00:00:00Z",
      until: "2025-06-09T00:00:00Z",
      left_out: [],
    });
  });

  test("a moment of the past: exactly the injected incidents, each with its path in Graphite", async () => {
    await ran(
      `anomaly infer --graphite-url ${graphite.url} ${GRAPHITE} --at ${PAST} -o past.ndjson --state-dir s/past`,
    );
    expect(found(records("past.ndjson"))).toEqual(expected);
    for (const record of records("past.ndjson")) {
      expect(record.target).toBe(pathOf(record));
      expect(record.detected_at).toBe("2025-06-14T00:00:00Z");
      const incident = INJECTED.find((one) => one.machine === record.machine && one.aggregator === record.aggregator);
      const late = Date.parse(record.start) - (PAST_MS - (incident?.fromHours ?? 0) * HOUR_MS);
      expect(Math.abs(late)).toBeLessThanOrEqual(STEP_MS);
      expect(record.status).toBe(incident?.untilHours === 0 ? "open" : "closed");
    }
  });

  test("Grafana in front of it gives the same records and the same 24 hours, to the byte", async () => {
    await ran(`anomaly infer ${GRAFANA} --at ${PAST} -o past-grafana.ndjson --state-dir s/grafana`);
    expect(withoutSource(place.read("past-grafana.ndjson"))).toBe(place.read("past.ndjson"));
    await ran(`anomaly hydrate past.ndjson --graphite-url ${graphite.url} ${GRAPHITE} --at ${PAST} -o h1.ndjson`);
    await ran(`anomaly hydrate past.ndjson ${GRAFANA} --at ${PAST} -o h2.ndjson`);
    expect(place.read("h2.ndjson")).toBe(place.read("h1.ndjson"));
    for (const one of records<HydratedRecord>("h1.ndjson")) {
      expect(one.hydrate_error).toBeUndefined();
      expect(one.valid_pct).toBeGreaterThan(one.kind === "silence" ? 0.3 : 0.9);
      expect(one.context?.expected.some((value) => value !== null)).toBe(true);
    }
  });

  /** Only a Grafana says which of its data sources a record is from. */
  const withoutSource = (text: string) => text.replaceAll(`,"datasource_uid":"${UID}"`, "");

  const infer = (template: string, folder: string, more = "") =>
    `anomaly infer --graphite-url ${graphite.url} --source graphite --template '${template}' --at ${PAST} -o ${folder}.ndjson ` +
    `--state-dir s/${folder} --states ${folder}.states ${more}`;

  test("under alias and aliasByNode labels come from the paths that Graphite sends, and the records are the same", async () => {
    for (const template of [`alias(${TEMPLATE},"x")`, `aliasByNode(${TEMPLATE},5,1)`]) {
      await ran(infer(template, "alias", "--fresh"));
      const seen = ({ machine, aggregator, start, score, kind }: AnomalyRecord) => [
        machine,
        aggregator,
        start,
        score,
        kind,
      ];
      const byMachine = (some: readonly AnomalyRecord[]) => some.map(seen).sort();
      expect(byMachine(records("alias.ndjson"))).toEqual(byMachine(records("past.ndjson")));
    }
  });

  test("a template that fits none of the model's series is one sentence and status 1, and spoils no later run", async () => {
    await ran(infer(TEMPLATE, "twice"));
    const first = place.read("twice.ndjson");
    for (const wrong of [
      'alias(sumSeries(statsd.*.gauges.aggregator.agg_length_behind_ratio.*),"x")',
      "statsd.{machine}.gauges.aggregator.agg_length_behind_ratio.visit_length_day",
    ]) {
      const mistaken = await place.sh(infer(wrong, "twice"));
      expect(mistaken.status).toBe(1);
      expect(mistaken.stderr).toMatch(
        /^error: Graphite at .* answered with \d+ series, such as .*, but with none of the 12 that the model default was trained on, such as .*; check --template.*\n$/,
      );
      expect(place.read("twice.ndjson")).toBe(first);
    }
    await ran(infer(TEMPLATE, "twice"));
    expect(place.read("twice.ndjson")).toBe(first);
    await ran(infer(TEMPLATE, "twice", "--fresh"));
    expect(place.read("twice.ndjson")).toBe(first);
  });

  test("a silence that was none ends where values cover its time, and lends nothing to later records", async () => {
    await ran(infer(TEMPLATE, "silence"));
    const first = records("silence.ndjson");
    // As an older run would have left it: a day's silence over all that a series has.
    const [{ id, labels }] = first;
    const mistaken = {
      ...first[0],
      id: "0".repeat(16),
      kind: "silence",
      status: "open",
      start: "2025-06-13T00:00:00Z",
      end: `${PAST.slice(0, 19)}Z`,
      observed: null,
    };
    writeFileSync(
      place.path("silence.ndjson"),
      `${JSON.stringify(mistaken)}\n${first.map((record) => JSON.stringify(record)).join("\n")}\n`,
    );
    await ran(infer(TEMPLATE, "silence"));
    const [ended, ...others] = records("silence.ndjson");
    expect(ended).toMatchObject({ id: mistaken.id, labels, status: "closed", duration_s: 0 });
    expect(others).toEqual(first);
    expect(id).not.toBe(mistaken.id);
  });

  test("the CSV of those days gives what Graphite gives live", async () => {
    const query = new URLSearchParams({ target: pathOf({ labels: { machine: "*", aggregator: "*" } }), format: "csv" });
    query.set("tz", "UTC");
    query.set("from", String(HISTORY_START_MS / 1000 - 1));
    query.set("until", String(PAST_MS / 1000 - 1));
    const reply = await fetch(`${graphite.url}/render`, { method: "POST", body: query });
    writeFileSync(place.path("all.csv"), await reply.text());
    await ran(`anomaly infer all.csv --at ${PAST} -o past-csv.ndjson --state-dir s/csv`);
    expect(records("past-csv.ndjson")).toEqual(records("past.ndjson"));
  });

  test("in one pipe from Grafana to pictures", async () => {
    const run = await ran(
      `anomaly infer ${GRAFANA} --at ${PAST} --state-dir s/pipe | anomaly hydrate ${GRAFANA} --at ${PAST} | anomaly plot -o pictures`,
    );
    const names = place.files("pictures").filter((name) => !name.startsWith("."));
    expect(names).toHaveLength(INJECTED.length + 1);
    expect(names).toContain("overview.png");
    const { start } = records("past.ndjson").find(({ kind }) => kind === "drop") as AnomalyRecord;
    const when = start.replaceAll(/[-:]/g, "");
    expect(names).toContain(`anomaly_n201-primary-example-com_visit_length_day_${when}.png`);
    expect(run.stdout.trimEnd().split("\n").sort()).toEqual(names.map((name) => `pictures/${name}`));
  });

  /** Each look is as of a moment that is named: otherwise the next slot may have ended between two of them. */
  const live = (atMs = NOW_MS) =>
    `anomaly infer --graphite-url ${graphite.url} ${GRAPHITE} --state-dir s/live --states states.ndjson -o live.ndjson --at ${new Date(atMs).toISOString()}`;

  test("live: an episode that continues keeps its id while new values come in through carbon", async () => {
    await ran(live(EARLIER_MS));
    const before = new Map(records("live.ndjson").map((record) => [`${record.machine} ${record.aggregator}`, record]));
    const newest = fleetUntil(ordinaryFleet(), NOW_MS, pathOf);
    await sendToCarbon(newest);

    const run = await ran(live());
    expect(found(records("live.ndjson"))).toEqual(expected);
    expect(run.stderr).toMatch(/live\.ndjson: 5 records/);
    for (const record of records("live.ndjson")) {
      const earlier = before.get(`${record.machine} ${record.aggregator}`);
      if (earlier === undefined) continue;
      expect(record.id).toBe(earlier.id);
      if (record.status === "open") expect(Date.parse(record.end)).toBeGreaterThan(Date.parse(earlier.end));
    }
    expect(before.size).toBeGreaterThanOrEqual(4);

    const states = records<SeriesStatus>("states.ndjson");
    expect(states).toHaveLength(12);
    const silent = states.find((one) => one.machine.startsWith("n202") && one.aggregator === "client_presence_hour");
    expect(silent?.state).not.toBe("ok");
  });

  test("live again: no second record, the same bytes, no new one to report", async () => {
    await ran(live());
    const written = place.read("live.ndjson");
    const again = await ran(live());
    expect(place.read("live.ndjson")).toBe(written);
    expect(again.stderr).toMatch(/live\.ndjson: 5 records, 0 new/);
    expect((await ran(`${live()} -o - --new`)).stdout).toBe("");
  });

  test("a part of the source that fails: its series are failed, all others are written, and the status is 1", async () => {
    grafana.failWhere({ kind: "status", status: 500, body: '{"message":"boom"}' }, (form) =>
      form.getAll("target").some((target) => target.includes("n201")),
    );
    const machines = [0, 1, 2, 3].map((i) => `n${200 + i}-primary-example-com`);
    const run = await place.sh(
      `anomaly infer ${GRAFANA} --var machine=${machines.join(",")} --at ${PAST} -q -o part.ndjson --state-dir s/part --states part-states.ndjson`,
    );
    grafana.failWhere(undefined);
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(/^error: .*n201.* could not be scored: .*answered 500.*boom.*\n$/);
    const whole = records("past.ndjson");
    const others = whole.filter(({ machine }) => machine !== machines[1]);
    expect(records("part.ndjson")).toEqual(others.map((one) => ({ ...one, datasource_uid: UID })));
    const states = records<SeriesStatus>("part-states.ndjson");
    expect(states).toHaveLength(12);
    for (const { machine, state } of states) expect(state === "failed").toBe(machine === machines[1]);
  });

  test("the token reaches neither an output nor a file", async () => {
    const run = await ran(`anomaly infer ${GRAFANA} -o - --state-dir s/token --summary summary.json --verbose`);
    expect(`${run.stdout}${run.stderr}`).not.toContain(TOKEN);
    for (const name of place.files()) {
      if (!name.startsWith("bin/")) expect(place.read(name).includes(TOKEN), name).toBe(false);
    }
    expect(grafana.requests.length).toBeGreaterThan(0);
  });

  /** The slots from EARLIER_MS on, line by line; done once graphite-web shows the last of them. */
  async function sendToCarbon(histories: ReturnType<typeof fleetUntil>): Promise<void> {
    const lines = histories.flatMap(({ path, startS, stepS, values }) =>
      values.flatMap((value, i) => {
        const atS = startS + i * stepS;
        return value === null || atS * 1000 < EARLIER_MS ? [] : [`${path} ${value} ${atS}\n`];
      }),
    );
    const socket = createConnection(graphite.carbonLinePort, "127.0.0.1");
    await once(socket, "connect");
    socket.end(lines.join(""));
    await once(socket, "close");
    const query = new URLSearchParams({ target: "statsd.n203*.gauges.*.*.*", format: "json" });
    query.set("from", String(EARLIER_MS / 1000));
    for (const giveUpMs = Date.now() + 240_000; Date.now() < giveUpMs; ) {
      const reply = await fetch(`${graphite.url}/render`, { method: "POST", body: query });
      const series = (await reply.json()) as { readonly datapoints: readonly (readonly [number | null, number])[] }[];
      const lastSlot = NOW_MS / 1000 - STEP_MS / 1000;
      const arrived = series.filter(({ datapoints }) => datapoints.some(([v, at]) => v !== null && at === lastSlot));
      if (arrived.length === 3) return;
    }
    throw new Error("carbon did not take the lines within 240 s");
  }
});
