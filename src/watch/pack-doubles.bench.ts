import { bench, describe } from "vitest";
import { packDoubles, unpackDoubles } from "./pack-doubles.js";

/** A state at one-minute steps: a week of quantised slots behind some numbers that are no integers. */
const state = Float64Array.from({ length: 10_240 }, (_, i) =>
  i < 80 ? i / 7 : i % 50 === 0 ? -0x80000000 : (i * 37) % 9000,
);
const packed = packDoubles(state);
const scratch = new Float64Array(state.length);

describe("the state of one series at one-minute steps", () => {
  bench("packed", () => {
    packDoubles(state);
  });
  bench("unpacked", () => {
    unpackDoubles(packed, scratch);
  });
});
