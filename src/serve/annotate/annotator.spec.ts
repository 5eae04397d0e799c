import { describe, expect, test } from "vitest";
import { type Annotation, annotationOf } from "../../alert/grafana/annotation.js";
import type { GrafanaAnnotations, StoredAnnotation } from "../../alert/grafana/grafana-annotations.js";
import type { AnomalyRecord } from "../../records/record.js";
import { annotator } from "./annotator.js";

const NOW = Date.UTC(2025, 6, 3);

function record(id: string, changed: Partial<AnomalyRecord> = {}): AnomalyRecord {
  return {
    id,
    start: "2025-07-02T10:00:00Z",
    end: "2025-07-02T11:00:00Z",
    detected_at: "2025-07-02T10:05:00Z",
    status: "open",
    kind: "spike",
    severity: "high",
    series: "lag <n200>",
    reasons: ["3.1× the upper limit"],
    labels: { machine: "n200", aggregator: "lag" },
    job: "fleet",
    ...changed,
  } as AnomalyRecord;
}

/** A Grafana that keeps annotations; `answers` may fail a call after it was carried out. */
function fakeGrafana() {
  const stored: StoredAnnotation[] = [];
  const failing: ("add" | "find")[] = [];
  const calls: string[] = [];
  const fails = (call: "add" | "find") => failing[0] === call && failing.shift() !== undefined;
  const grafana: GrafanaAnnotations = {
    find: async (tag) => {
      calls.push("find");
      if (fails("find")) throw new Error("no answer");
      return stored.filter(({ tags }) => tags.includes(tag));
    },
    add: async (annotation, dashboardUid) => {
      calls.push("add");
      stored.push({ ...annotation, id: stored.length + 1, dashboardUid });
      if (fails("add")) throw new Error("the answer was lost");
    },
    change: async (id, annotation: Annotation) => {
      calls.push("change");
      stored[id - 1] = { ...stored[id - 1], ...annotation };
    },
    close: async () => {},
  };
  return { grafana, stored, failing, calls };
}

function open(grafana: GrafanaAnnotations, dashboardUid: string | null = null) {
  const outcomes: string[] = [];
  const keeper = annotator({
    placeOf: () => ({ grafana, dashboardUid }),
    nowMs: () => NOW,
    sleep: async () => {},
    random: () => 0,
    onOutcome: (outcome) => void outcomes.push(outcome),
  });
  const settled = async () => {
    while (keeper.waiting() > 0) await new Promise((turn) => setImmediate(turn));
  };
  return { keeper, outcomes, settled };
}

describe("annotator", () => {
  test("an episode has one annotation, whose end moves with it until it is closed", async () => {
    const { grafana, stored } = fakeGrafana();
    const { keeper, settled, outcomes } = open(grafana, "board");
    keeper.take("fleet", [record("a")]);
    await settled();
    keeper.take("fleet", [record("a", { end: "2025-07-02T12:00:00Z" })]);
    await settled();
    keeper.take("fleet", [record("a", { end: "2025-07-02T13:00:00Z", status: "closed" })]);
    await settled();
    expect(outcomes).toEqual(["added", "changed", "changed"]);
    expect(stored).toHaveLength(1);
    expect(stored[0]).toMatchObject({
      time: Date.parse("2025-07-02T10:00:00Z"),
      timeEnd: Date.parse("2025-07-02T13:00:00Z"),
      dashboardUid: "board",
      text: "spike (high) lag &lt;n200&gt;: 3.1× the upper limit",
    });
    expect(stored[0].tags).toEqual(expect.arrayContaining(["anomaly", "anomaly-id:a", "machine:n200", "job:fleet"]));
  });

  test("what is there from before a restart is found by its id and not made again", async () => {
    const { grafana, stored, calls } = fakeGrafana();
    stored.push({ ...annotationOf(record("a")), id: 1, dashboardUid: null });
    const { keeper, settled } = open(grafana);
    keeper.take("fleet", [record("a"), record("b")]);
    await settled();
    expect(stored.map(({ tags }) => tags[1])).toEqual(["anomaly-id:a", "anomaly-id:b"]);
    expect(calls).toEqual(["find", "find", "add"]);
  });

  test("an annotation that was made although the answer was lost is not made again", async () => {
    const { grafana, stored, failing } = fakeGrafana();
    failing.push("add", "find");
    const { keeper, settled, outcomes } = open(grafana);
    keeper.take("fleet", [record("a")]);
    await settled();
    expect(outcomes).toEqual(["failed", "failed"]);
    expect(stored).toHaveLength(1);
  });

  test("records that are the same as before, and those that were over a week ago, ask Grafana nothing", async () => {
    const { grafana, calls } = fakeGrafana();
    const { keeper, settled } = open(grafana);
    const same = record("a");
    const old = { status: "closed", end: "2025-06-01T00:00:00Z", detected_at: "2025-06-01T00:00:00Z" } as const;
    keeper.take("fleet", [same, record("b", old)]);
    await settled();
    keeper.take("fleet", [same]);
    await settled();
    expect(calls).toEqual(["find", "add"]);
  });

  test("a tag that is longer than Grafana's tables allow is left out", () => {
    const long = annotationOf(record("a", { labels: { path: "x".repeat(120) } }));
    expect(long.tags.every((tag) => tag.length <= 100)).toBe(true);
  });
});
