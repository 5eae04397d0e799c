import { describe, expect, test } from "vitest";
import { notLearned, withEvents } from "./events.js";
import type { KnownEvent } from "./known-event.js";
import { testRecord } from "./testing/record.js";

const at = (minute: number) => new Date(Date.parse("2025-07-01T10:00:00Z") + minute * 60_000).toISOString();
const event = (kind: KnownEvent["kind"], from: number, until: number, part: Partial<KnownEvent> = {}): KnownEvent => ({
  id: `${kind}-${from}`,
  kind,
  matchers: [],
  from: at(from),
  until: at(until),
  note: null,
  ...part,
});
/** From minute 0 to 60, in slots of 20 minutes. */
const record = testRecord({ start: at(0), end: at(60), step_s: 1200 });
const effects = (...events: KnownEvent[]) => withEvents([record], events)[0];

describe("events", () => {
  test("leave records as they are where there are none, or none that concern them", () => {
    const records = [record];
    expect(withEvents(records, [])).toBe(records);
    for (const other of [
      event("maintenance", -60, 0),
      event("maintenance", 60, 90),
      event("deploy", -70, -10),
      event("deploy", 20, 80),
      event("holiday", -60, 600, { matchers: ["machine=n2"] }),
    ]) {
      expect(effects(other)).toBe(record);
    }
  });

  test("a deployment is the likely cause of what begins in its span, the newest one where there are several", () => {
    const deployed = (from: number, note: string | null = "web-1.42") =>
      effects(event("deploy", from, from + 60, { note }));
    expect(deployed(-4)).toMatchObject({
      likely_cause: "4m after deploy web-1.42",
      reasons: [...record.reasons, "4m after deploy web-1.42"],
      events: [{ id: "deploy--4", kind: "deploy", from: at(-4), until: at(56), note: "web-1.42" }],
    });
    expect(deployed(-4)).not.toHaveProperty("suppressed_by");
    expect(deployed(0).likely_cause).toBe("at deploy web-1.42");
    // The slot of the deployment began before it.
    expect(deployed(10).likely_cause).toBe("at deploy web-1.42");
    expect(deployed(-59, null).likely_cause).toBe("59m after a deployment");
    expect(effects(event("deploy", -4, 60, { note: "b" }), event("deploy", -30, 60, { note: "a" }))).toMatchObject({
      likely_cause: "4m after deploy b",
      events: [{ note: "a" }, { note: "b" }],
    });
  });

  test("a maintenance suppresses what lies in it, give or take a slot, and nothing that began before or continues after", () => {
    const suppressed = (from: number, until: number) =>
      effects(event("maintenance", from, until, { note: "swap" })).suppressed_by;
    expect(suppressed(0, 60)).toEqual({ event: "maintenance-0", kind: "maintenance", note: "swap" });
    expect([suppressed(10, 60), suppressed(-60, 40)].map((one) => one?.kind)).toEqual(["maintenance", "maintenance"]);
    expect([suppressed(20, 90), suppressed(-60, 39)]).toEqual([undefined, undefined]);
    expect(effects(event("maintenance", -60, 39)).events).toHaveLength(1);
    expect(effects(event("holiday", -60, 600))).not.toHaveProperty("suppressed_by");
  });

  test("nothing is learned from maintenances and holidays of the series that they match", () => {
    const spans = notLearned([
      event("maintenance", 0, 10, { matchers: ["machine=n2*"] }),
      event("holiday", 20, 30),
      event("deploy", 40, 50),
    ]);
    const minutes = (machine: string) =>
      spans({ labels: { machine }, name: "x" }).map(({ startMs, endMs }) =>
        [startMs, endMs].map((ms) => (ms - Date.parse(at(0))) / 60_000),
      );
    expect([minutes("n21"), minutes("n3")]).toEqual([
      [
        [0, 10],
        [20, 30],
      ],
      [[20, 30]],
    ]);
  });
});
