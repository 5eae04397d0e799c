import { afterAll, beforeAll, expect, test } from "vitest";
import { openPlace, type Place } from "../../chain/testing/place.js";
import { TRAINED, triedDetectors } from "../../detectors/testing/tried.js";

let place: Place;
beforeAll(async () => {
  place = openPlace({ data: true });
  expect((await place.sh(`anomaly train data/fleet/history --detector ${TRAINED} -q`)).status).toBe(0);
}, 600_000);
afterAll(() => place?.remove());

test.each(triedDetectors())(
  "any number of threads finds the same with the detector %s, to the byte",
  async (detector) => {
    const infer = (threads: number) =>
      place.sh(
        `anomaly infer data/fleet --lookback 4d --fresh --at 2025-07-04T00:00Z --detector ${detector} --threads ${threads} -v -o -`,
      );
    const [one, three] = [await infer(1), await infer(3)];
    expect(one.status, one.stderr).toBe(0);
    expect(one.stdout.split("\n").length).toBeGreaterThan(5);
    expect(three.stdout).toBe(one.stdout);
    expect(three.stderr).toMatch(/scored the history of 18 series by 3 threads in/);
  },
);
