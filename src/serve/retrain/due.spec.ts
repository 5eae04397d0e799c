import { describe, expect, test } from "vitest";
import { DAY_MS, HOUR_MS, MINUTE_MS, WEEK_MS } from "../../time/duration.js";
import { dueAtMs, pauseMs } from "./due.js";

describe("when a model is trained again", () => {
  test("is a period after its newest version, and at most a tenth of it later", () => {
    const delays = Array.from({ length: 50 }, (_, i) => dueAtMs(`job-${i}`, 1000, WEEK_MS) - 1000 - WEEK_MS);
    for (const delay of delays) expect(delay >= 0 && delay < WEEK_MS / 10).toBe(true);
    // Not together: 50 jobs of one evening are in more than 10 different hours.
    expect(new Set(delays.map((ms) => Math.floor(ms / HOUR_MS))).size).toBeGreaterThan(10);
  });

  test("is the same for a job in every process", () => {
    // python3 -c 'import hashlib; print(int.from_bytes(hashlib.sha256(b"lag").digest()[4:8],"little") % 60480000)'
    expect(dueAtMs("lag", 0, WEEK_MS)).toBe(WEEK_MS + LAG_DELAY_MS);
  });

  test("after failures is twice as long each time, up to six hours", () => {
    expect([1, 2, 3].map((failures) => pauseMs(failures, WEEK_MS))).toEqual([MINUTE_MS, 2 * MINUTE_MS, 4 * MINUTE_MS]);
    expect([9, 20, 1000].map((failures) => pauseMs(failures, WEEK_MS))).toEqual([
      256 * MINUTE_MS,
      6 * HOUR_MS,
      6 * HOUR_MS,
    ]);
    expect(pauseMs(5, 2000)).toBe(2000);
    expect(pauseMs(30, DAY_MS)).toBe(6 * HOUR_MS);
  });
});

const LAG_DELAY_MS = 8_656_824;
