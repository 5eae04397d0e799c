import { describe, expect, test } from "vitest";
import { formatUtc } from "../time/format.js";
import { windowOf } from "./record-window.js";

const at = (iso: string) => Date.parse(iso);
const STEP = 20 * 60_000;
const window = (mode: "centred" | "trailing", now: string, timestamp = "2025-07-02T11:40:00Z", step = STEP) => {
  const { startMs, endMs } = windowOf(at(timestamp), step, mode, at(now));
  return [formatUtc(startMs), formatUtc(endMs)];
};

describe("the window around an anomaly", () => {
  test("centred is 12 hours before and 12 after", () => {
    expect(window("centred", "2025-07-04T00:00Z")).toEqual(["2025-07-01T23:40:00Z", "2025-07-02T23:40:00Z"]);
  });

  test("is cut where the last slot that is over by now ends", () => {
    expect(window("centred", "2025-07-02T20:13Z")).toEqual(["2025-07-01T23:40:00Z", "2025-07-02T20:00:00Z"]);
  });

  test("always holds the anomaly's own slot, even if now is in the middle of it", () => {
    expect(window("centred", "2025-07-02T11:45Z")[1]).toBe("2025-07-02T12:00:00Z");
    expect(window("centred", "2025-06-01T00:00Z")[1]).toBe("2025-07-02T12:00:00Z");
  });

  test("trailing ends with the anomaly's slot and holds 24 hours", () => {
    expect(window("trailing", "2025-07-04T00:00Z")).toEqual(["2025-07-01T12:00:00Z", "2025-07-02T12:00:00Z"]);
  });

  test("lies on whole slots for a time between two", () => {
    expect(window("trailing", "2025-07-04T00:00Z", "2025-07-02T11:47:13Z")[1]).toBe("2025-07-02T12:00:00Z");
  });

  test("is one slot for a step of a day", () => {
    const day = 24 * 3_600_000;
    expect(window("centred", "2025-07-04T00:00Z", "2025-07-02T11:47:13Z", day)).toEqual([
      "2025-07-02T00:00:00Z",
      "2025-07-03T00:00:00Z",
    ]);
  });
});
