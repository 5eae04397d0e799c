import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pictureName } from "./picture-name.js";

const name = (machine: string, aggregator: string, more: Record<string, string> = {}, start = "2025-07-01T21:14:05Z") =>
  pictureName({ machine, aggregator, start, labels: { machine, aggregator, ...more } }, "png");

describe("the name of a picture", () => {
  test("says machine, aggregator and start", () => {
    expect(name("n200", "visit_length_hour")).toBe("anomaly_n200_visit_length_hour_20250701T211405Z.png");
  });

  test("says the values of further labels, so that eight CPU modes are distinguished by eye", () => {
    expect(name("web1", "cpu", { mode: "idle", cpu: "0", instance: "web1" })).toMatch(
      /^anomaly_web1_cpu_0_idle~[0-9a-f]{12}_20250701T211405Z\.png$/,
    );
    expect(
      name("m".repeat(300), "a".repeat(300), { x: "/x".repeat(300) }, "2025-07-01T21:14:05.250Z").length,
    ).toBeLessThan(232);
  });

  test("is in UTC whatever zone the time is written in, with milliseconds only where there are any", () => {
    expect(name("n", "a", {}, "2025-07-01T23:14:05+02:00")).toBe("anomaly_n_a_20250701T211405Z.png");
    expect(name("n", "a", {}, "2025-07-01T21:14:05.250Z")).toBe("anomaly_n_a_20250701T211405.250Z.png");
  });

  test.each(["../../etc/passwd", "/", "..", "a\u0000b", "C:\\x", "", "a b", "ä", "x".repeat(300)])(
    "stays one safe file name for the machine %j",
    (machine) => {
      expect(name(machine, machine)).toMatch(/^anomaly_[A-Za-z0-9._~-]+_20250701T211405Z\.png$/);
      expect(name(machine, machine).length).toBeLessThan(255);
    },
  );

  test("is another for series that look alike", () => {
    const names = [
      name("a/b", "c"),
      name("a-b", "c"),
      name("a_b", "c"),
      name("a", "b_c"),
      name("a", "b/c"),
      name("a", "b-c"),
      name(`${"x".repeat(100)}1`, "c"),
      name(`${"x".repeat(100)}2`, "c"),
      name("a", "c", { shard: "1" }),
      name("a", "c", { shard: "2" }),
      name("a", "c"),
    ];
    expect(new Set(names).size).toBe(names.length);
  });

  test("two different pairs never share one", () => {
    const part = fc.oneof(fc.stringMatching(/^[ab_/~.-]{0,4}$/), fc.string({ maxLength: 5 }));
    fc.assert(
      fc.property(part, part, part, part, (m1, a1, m2, a2) => {
        expect(name(m1, a1) === name(m2, a2)).toBe(m1 === m2 && a1 === a2);
      }),
      { numRuns: 2000 },
    );
  });
});
