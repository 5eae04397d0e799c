/* Longer than most: one fleet of records serves every part of the report. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AnomalyRecord } from "../records/record.js";
import { testRecord } from "../records/testing/record.js";
import { DAY_MS, HOUR_MS } from "../time/duration.js";
import { daysOf } from "./days.js";
import { grafanaLink } from "./grafana-link.js";
import { heatMapOf } from "./heat-map.js";
import { unionMs } from "./intervals.js";
import { noiseRanking } from "./noise.js";
import { notScored } from "./not-scored.js";
import { reportPage } from "./page/page.js";
import { reportJson, reportOf } from "./report.js";
import { correlation, SHAPE_POINTS, similarShapes } from "./similar-shapes.js";
import { episode, statusOf } from "./testing/fleet-records.js";

const T0 = Date.parse("2025-07-01T00:00:00Z");
const at = (hours: number) => T0 + hours * HOUR_MS;
const range = { startMs: T0, endMs: at(72) };
const of = (records: Parameters<typeof reportOf>[0]["records"], more: Partial<Parameters<typeof reportOf>[0]> = {}) =>
  reportOf({ records, range, timezone: "UTC", ...more });

describe("the time that ranges cover", () => {
  test("counts what overlaps once", () => {
    const ranges = [
      [0, 5],
      [3, 8],
      [10, 11],
      [4, 4],
    ].map(([startMs, endMs]) => ({ startMs, endMs }));
    expect(unionMs(ranges)).toBe(9);
    expect(unionMs([])).toBe(0);
  });

  test("is what counting every moment gives", () => {
    const pair = fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 20 }));
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 20 }), (pairs) => {
        const ranges = pairs.map(([startMs, length]) => ({ startMs, endMs: startMs + length }));
        const moments = Array.from({ length: 100 }, (_, t) => ranges.some((r) => t >= r.startMs && t < r.endMs));
        expect(unionMs(ranges)).toBe(moments.filter(Boolean).length);
      }),
    );
  });
});

describe("days", () => {
  // Python: [datetime(2025,3,29,12,tzinfo=UTC) ... ] split at midnights of ZoneInfo("Europe/Berlin"); lengths in hours
  test("are those of the zone's calendar, with 23 hours where the clock is set forward", () => {
    const spring = { startMs: Date.parse("2025-03-29T12:00:00Z"), endMs: Date.parse("2025-03-31T12:00:00Z") };
    const days = daysOf(spring, "Europe/Berlin");
    expect(days.map(({ date }) => date)).toEqual(["2025-03-29", "2025-03-30", "2025-03-31"]);
    expect(days.map(({ startMs, endMs }) => (endMs - startMs) / HOUR_MS)).toEqual([11, 23, 14]);
  });

  test("cover the period without gap or overlap", () => {
    const days = daysOf({ startMs: T0 + 5, endMs: T0 + 9.3 * DAY_MS }, "Asia/Kolkata");
    days.slice(1).forEach((day, i) => {
      expect(day.startMs).toBe(days[i].endMs);
    });
    expect([days[0].startMs, days.at(-1)?.endMs]).toEqual([T0 + 5, T0 + 9.3 * DAY_MS]);
  });
});

describe("the report", () => {
  const records = [
    episode("n1", at(10), 2),
    episode("n1", at(11), 2, { aggregator: "b", severity: "critical", score: 9 }),
    episode("n2", at(70), 5, { status: "open", severity: "low", score: 1.1 }),
    episode("n3", at(-5), 6),
    episode("n4", at(80), 1),
  ];

  test("counts what touches the period, clipped to it", () => {
    const {
      totals,
      records: listed,
      open,
    } = of(records, { statuses: ["n1", "n2", "n3", "n4", "n9"].map((m) => statusOf(m)) });
    // n1: 2 h and 2 h, n2: the first 2 of 5 h, n3: the last of 6 h; n4 comes later.
    expect(totals).toEqual({
      episodes: 4,
      open: 1,
      by_severity: { critical: 1, high: 2, medium: 0, low: 1 },
      machines: 3,
      fleet_machines: 5,
      series_hours: 7,
      series: 5,
      not_scored: 0,
    });
    expect(listed.map(({ machine }) => machine)).toEqual(["n1", "n1", "n3", "n2"]);
    expect(open.map(({ machine }) => machine)).toEqual(["n2"]);
  });

  test("sums up machines and aggregators: hours of both series at once count once", () => {
    const { machines, aggregators } = of(records);
    expect(machines[0]).toMatchObject({
      name: "n1",
      hours: 3,
      episodes: 2,
      worst: "critical",
      concerned: 2,
      perDay: [2, 0, 0],
    });
    expect(machines.map(({ name }) => name)).toEqual(["n1", "n2", "n3"]);
    expect(of(records).kinds).toMatchObject([{ name: "spike", episodes: 4, concerned: 4 }]);
    expect(aggregators.find(({ name }) => name === "b")).toMatchObject({ hours: 2, concerned: 1 });
  });

  test("has the trend of each day: begun episodes, hours of all series, share of the fleet", () => {
    const { trend } = of(records);
    expect(trend.map(({ date }) => date)).toEqual(["2025-07-01", "2025-07-02", "2025-07-03"]);
    expect(trend[0]).toMatchObject({
      episodes: { critical: 1, high: 1, medium: 0, low: 0 },
      seriesHours: 5,
      machineShare: 0.5,
    });
    expect(trend[2]).toMatchObject({ episodes: { low: 1 }, seriesHours: 2, machineShare: 0.25 });
  });

  test("of nothing is empty, and of nothing known says so", () => {
    const empty = of([]);
    expect(empty.totals).toMatchObject({ episodes: 0, series: null, not_scored: null });
    expect([empty.machines, empty.heat.rows, empty.shapes, empty.noise, empty.notScored]).toEqual([
      [],
      [],
      [],
      [],
      null,
    ]);
  });

  test("stands an open fleet anomaly for its members", () => {
    const many = Array.from({ length: 20 }, (_, i) => episode(`m${i}`, at(70), 5, { status: "open", kind: "drop" }));
    const { fleet, open, openAlone } = of([...records, ...many]);
    expect(fleet).toHaveLength(1);
    expect(fleet[0].machines).toHaveLength(21);
    expect([open.length, openAlone.length]).toEqual([21, 0]);
  });

  test("as JSON holds the records without their windows, and nothing that JSON cannot", () => {
    const json = JSON.parse(JSON.stringify(reportJson(of(records))));
    expect(json).toMatchObject({
      schema: "anomaly-report/1",
      from: "2025-07-01T00:00:00Z",
      totals: { episodes: 4 },
    });
    expect(json.records[0]).not.toHaveProperty("context");
    expect(json.records[0]).not.toHaveProperty("history");
    expect(json.records[0].max_value).toBe(0.125);
  });
});

describe("machines over time", () => {
  test("has a cell for each column that an episode touches, in the worst severity", () => {
    const records = [
      episode("n1", at(0.5), 1, { severity: "low" }),
      episode("n1", at(1.2), 0.5, { severity: "high", aggregator: "b" }),
    ];
    const { columnMs, columns, rows, left } = heatMapOf(records, range, ["n1", "n2"]);
    expect([columnMs, columns, left]).toEqual([HOUR_MS, 72, 0]);
    expect(rows).toEqual([
      {
        machine: "n1",
        cells: [
          { column: 0, worst: "low", series: 1 },
          { column: 1, worst: "high", series: 2 },
        ],
      },
    ]);
  });

  test("an episode that ends on a column's edge does not reach into the next, one that outlasts the period is cut", () => {
    const cells = heatMapOf([episode("n1", at(2), 1), episode("n1", at(71), 40)], range, ["n1"]).rows[0].cells;
    expect(cells.map(({ column }) => column)).toEqual([2, 71]);
  });

  test("says how many machines have no row", () => {
    const records = Array.from({ length: 5 }, (_, i) => episode(`n${i}`, at(1), 1));
    const machines = records.map(({ machine }) => machine);
    expect(heatMapOf(records, range, machines, 3)).toMatchObject({ left: 2, rows: [{}, {}, {}] });
  });
});

describe("who pages most", () => {
  test("ranks series by their episodes and shows the weak ones", () => {
    const weak = { score: 1.2, step_s: 1200 };
    const records = [
      ...[0, 5, 9].map((h) => episode("n1", at(h), 0.5, weak)),
      ...[1, 2].map((h) => episode("n2", at(h), 4, { score: 3 })),
      episode("n3", at(3), 1),
    ];
    expect(noiseRanking(records)).toEqual([
      {
        machine: "n1",
        aggregator: "client_presence_hour",
        series: "n1",
        labels: { machine: "n1", aggregator: "client_presence_hour" },
        episodes: 3,
        share: 0.5,
        median_score: 1.2,
        median_duration_s: 1800,
        weak: 3,
      },
      {
        machine: "n2",
        aggregator: "client_presence_hour",
        series: "n2",
        labels: { machine: "n2", aggregator: "client_presence_hour" },
        episodes: 2,
        share: 0.3333,
        median_score: 3,
        median_duration_s: 14_400,
        weak: 0,
      },
    ]);
  });
});

describe("what began together on one machine", () => {
  const silent = { kind: "silence", direction: "none", status: "open", severity: "critical" } as const;
  const modes = ["idle", "irq", "nice", "user"];
  const records = modes.map((mode) =>
    episode("web1", at(70), 2, {
      ...silent,
      id: mode,
      labels: { machine: "web1", aggregator: "client_presence_hour", mode },
    }),
  );
  const page = reportPage(of(records), {
    links: { pictureOf: () => undefined, grafanaOf: () => undefined },
    madeAtMs: at(72),
    madeBy: "test",
  });

  test("is one row, and its episodes are all there, each with the label that distinguishes it", () => {
    const report = of(records);
    expect(report.incidents).toMatchObject([{ machine: "web1", words: "4 series silent", members: modes }]);
    expect(report.openAlone).toEqual([]);
    expect(report.totals.open).toBe(4);
    expect(page.match(/class="row"/g)).toHaveLength(1);
    for (const mode of modes) expect(page).toContain(`client_presence_hour mode=${mode}<`);
  });

  test("has its place in the page when it is over, too", () => {
    const over = of(records.map((record) => ({ ...record, status: "closed" as const })));
    const text = reportPage(over, {
      links: { pictureOf: () => undefined, grafanaOf: () => undefined },
      madeAtMs: at(72),
      madeBy: "test",
    });
    expect(text).toContain("Incidents of single machines that are over");
    expect(text).toContain("4 series silent");
  });
});

describe("similar shapes", () => {
  const shaped = (machine: string, of: (i: number) => number) => {
    const record = episode(machine, at(20), 3);
    const context = record.context!;
    return { ...record, context: { ...context, observed: context.expected.map((value, i) => (value ?? 0) + of(i)) } };
  };
  // Slots of 20 minutes; the episode begins at slot 36 of 72.
  const step = (i: number) => (i >= 36 && i < 45 ? 1 : 0);
  const ramp = (i: number) => Math.max(0, i - 36) / 36;
  const noise = (i: number) => 0.03 * Math.sin(i * 12.9898);

  test("groups what runs alike, whatever its size, and keeps the rest apart", () => {
    const groups = similarShapes([
      shaped("a", (i) => step(i) + noise(i)),
      shaped("b", (i) => 40 * step(i) + noise(3 * i)),
      shaped("c", (i) => ramp(i)),
      shaped("d", (i) => 0.01 * ramp(i)),
      shaped("e", (i) => (i % 2 === 0 ? 1 : -1)),
    ]);
    expect(groups.map(({ members }) => members.map((id) => id[0]).sort())).toEqual([
      ["a", "b"],
      ["c", "d"],
    ]);
    expect(groups[0].shape).toHaveLength(SHAPE_POINTS);
    expect(Math.max(...groups[0].shape)).toBeCloseTo(1, 1);
  });

  test("does not group what looks alike but is another kind, has no window, or is one series", () => {
    const [a, b] = [shaped("a", step), shaped("b", step)];
    expect(similarShapes([a, { ...b, kind: "drop" }])).toEqual([]);
    expect(similarShapes([a, { ...b, context: null }])).toEqual([]);
    expect(similarShapes([a, { ...a, id: "again" }])).toEqual([]);
    expect(similarShapes([shaped("a", () => 0), shaped("b", () => 0)])).toEqual([]);
  });

  test("correlation is numpy's", () => {
    // x=[.1,.5,-.2,.9]*6; y=[.2,.4,-.1,.7]*5+[0,0,0,0]; np.corrcoef(x,y)[0,1]
    const x = Float64Array.from(
      [0.1, 0.5, -0.2, 0.9, 0.1, 0.5, -0.2, 0.9, 0.1, 0.5, -0.2, 0.9].concat([
        0.1, 0.5, -0.2, 0.9, 0.1, 0.5, -0.2, 0.9, 0.1, 0.5, -0.2, 0.9,
      ]),
    );
    const y = Float64Array.from(
      [0.2, 0.4, -0.1, 0.7, 0.2, 0.4, -0.1, 0.7, 0.2, 0.4, -0.1, 0.7].concat([
        0.2, 0.4, -0.1, 0.7, 0.2, 0.4, -0.1, 0.7, 0, 0, 0, 0,
      ]),
    );
    expect(correlation(x, y)).toBeCloseTo(0.8355727485873496, 12);
    expect(correlation(x, new Float64Array(24).fill(3))).toBe(0);
    expect(
      correlation(
        x.map((v, i) => (i > 5 ? Number.NaN : v)),
        y,
      ),
    ).toBe(0);
  });
});

test("what was not scored is listed by state and reason, figures and names in it apart", () => {
  const groups = notScored([
    statusOf("n1"),
    statusOf("n2", { state: "no_data", reason: "n2 has had no value since 2025-07-01T10:00:00Z" }),
    statusOf("n3", { state: "no_data", reason: "n3 has had no value since 2025-06-30T07:20:00Z" }),
    statusOf("n4", { state: "warming" }),
    statusOf("n5", { state: "anomalous" }),
  ]);
  expect(groups.map(({ state, series }) => [state, series.map(({ machine }) => machine)])).toEqual([
    ["no_data", ["n2", "n3"]],
    ["warming", ["n4"]],
  ]);
  expect(groups[1].reason).toBe("too little history to be judged");
});

test("a link into Grafana opens the record's query, half a day around the episode", () => {
  const record = { target: "a.b{c}", start: "2025-07-01T12:00:00Z", end: "2025-07-01T13:00:00Z" };
  const place = { url: "https://grafana.example.com/sub", datasourceUid: "gr", orgId: 3 };
  const url = new URL(grafanaLink(record, place) ?? "");
  expect([url.searchParams.get("orgId"), url.searchParams.get("schemaVersion")]).toEqual(["3", "1"]);
  expect(url.pathname).toBe("/sub/explore");
  const { ano: anomaly } = JSON.parse(url.searchParams.get("panes") ?? "");
  expect(anomaly.datasource).toBe("gr");
  expect(anomaly.queries[0]).toEqual({ refId: "A", datasource: { uid: "gr" }, target: "a.b{c}", expr: "a.b{c}" });
  expect(anomaly.range).toEqual({ from: String(T0), to: String(T0 + 25 * HOUR_MS) });
  expect(grafanaLink({ ...record, datasource_uid: "own" }, place)).toContain("own");
  expect(grafanaLink({ ...record, datasource_uid: "own" }, { url: "https://g" })).not.toContain("orgId");
  // Explore would take the data source that the browser used last, whatever it is.
  expect(grafanaLink(record, { url: "https://g" })).toBeUndefined();
});

test("events of the range are listed once, whoever names them, and a report without any has no word of them", () => {
  const deploy = {
    id: "x1",
    kind: "deploy",
    from: "2025-07-01T09:00:00Z",
    until: "2025-07-01T10:00:00Z",
    note: "web",
  } as const;
  const record = testRecord({ events: [deploy] });
  const other = { ...deploy, id: "x0", from: "2025-07-01T08:00:00Z", kind: "maintenance", matchers: ["a=b"] } as const;
  const past = { ...deploy, id: "x2", from: "2025-06-01T08:00:00Z", until: "2025-06-01T09:00:00Z" };
  const json = (records: readonly AnomalyRecord[], events: Parameters<typeof reportOf>[0]["events"]) =>
    reportJson(of(records, { events }));
  expect(json([record], [deploy, other, past]).events).toEqual([
    { id: "x0", kind: "maintenance", from: other.from, until: deploy.until, note: "web" },
    deploy,
  ]);
  expect(json([testRecord()], [])).not.toHaveProperty("events");
  const page = (made: ReturnType<typeof of>) =>
    reportPage(made, {
      links: { pictureOf: () => undefined, grafanaOf: () => undefined },
      madeAtMs: 0,
      madeBy: "a test",
    });
  expect(page(of([record], { events: [{ ...deploy, note: "<b>web</b>" }] }))).toContain(
    '<td class="w">&lt;b&gt;web&lt;/b&gt;</td>',
  );
  expect(page(of([testRecord()]))).not.toContain("Known events");
});

test("what verdicts hold back is marked where it is open and in the table of all, and counted among the episodes", () => {
  const held = testRecord({
    id: "a".repeat(16),
    status: "open",
    start: "2025-07-03T20:00:00Z",
    end: "2025-07-04T00:00:00Z",
    adjusted_by: {
      kind: "confidence",
      confidence: 0.1,
      least: 0.3,
      severity: { before: "high", after: null },
    },
  });
  const { adjusted_by: _, ...shown } = held;
  const page = (record: AnomalyRecord) =>
    reportPage(of([record]), {
      links: { pictureOf: () => undefined, grafanaOf: () => undefined },
      madeAtMs: 0,
      madeBy: "a test",
    });
  expect(page(held).match(/, held back</g)).toHaveLength(2);
  // Nothing but the mark: it stays in its tables, trends and sums.
  expect(page(held).replaceAll(", held back<", "<")).toBe(page(shown));
});
