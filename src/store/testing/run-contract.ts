import { describe, expect, test } from "vitest";
import { testRecord } from "../../records/testing/record.js";
import type { Watched } from "../../watch/watched.js";
import { EMPTY_MEMORY, remember } from "../memory.js";
import type { CheckpointRequest, RunStore } from "../run/run-store.js";

/** A series of which nothing but where scoring stands is remembered. */
export function testCheckpoint(checkpointMs: number, value = 1): Watched {
  return {
    startMs: 0,
    checkpointMs,
    scorer: Float64Array.of(value, 2.5, -0.1),
    tail: Float64Array.of(3, Number.NaN),
    last: { timeMs: checkpointMs, value: 3 },
    gapSlots: 1,
    fromMs: 0,
    trace: null,
  };
}

const request = (changes: Partial<CheckpointRequest> = {}): CheckpointRequest => ({
  belongsTo: "a model and its knobs",
  seriesCount: 10,
  isUseful: () => true,
  ...changes,
});

/** What every store must hold. @param open gives the same store again, as the next run would find it. */
export function describeRunStore(name: string, open: () => RunStore): void {
  const scorers = (store: RunStore, asked = request(), filedUnder = "default") => {
    const found: Record<string, number[]> = {};
    for (const { key, watched } of store.openCheckpoints(filedUnder, asked).each()) found[key] = [...watched.scorer];
    return found;
  };
  const put = (store: RunStore, key: string, value: number, asked = request(), filedUnder = "default") => {
    const checkpoints = store.openCheckpoints(filedUnder, asked);
    checkpoints.put(key, testCheckpoint(1_200_000, value));
    checkpoints.write();
  };

  describe(`the ${name} store`, () => {
    test("remembers nothing at first", () => {
      const store = open();
      expect(store.readMemory("default")).toEqual(EMPTY_MEMORY);
      expect(store.openCheckpoints("default", request()).checkpoints().size).toBe(0);
      expect(scorers(store)).toEqual({});
    });

    test("gives the next run the memory of the last, by the name it is filed under", () => {
      const memory = remember(EMPTY_MEMORY, [testRecord()], 0);
      open().writeMemory("default", memory);
      open().writeMemory("default+residual", EMPTY_MEMORY);
      expect(open().readMemory("default")).toEqual(memory);
      expect(open().readMemory("default+residual")).toEqual(EMPTY_MEMORY);
    });

    test("gives the next run its checkpoints to the last bit, missing values too", () => {
      put(open(), "a", 1 / 3);
      const checkpoints = open().openCheckpoints("default", request());
      expect(checkpoints.checkpoints()).toEqual(new Map([["a", 1_200_000]]));
      expect([checkpoints.has("a"), checkpoints.has("b")]).toEqual([true, false]);
      for (const { key, watched } of checkpoints.each()) {
        expect({ key, ...watched, scorer: [...watched.scorer], tail: [...watched.tail] }).toMatchObject({
          ...testCheckpoint(1_200_000),
          key: "a",
          scorer: [1 / 3, 2.5, -0.1],
          tail: [3, Number.NaN],
        });
      }
    });

    test("puts nothing before it is written", () => {
      open().openCheckpoints("default", request()).put("a", testCheckpoint(0));
      expect(scorers(open())).toEqual({});
    });

    test("replaces the checkpoint of a series and keeps those of the others, whatever the number of series", () => {
      for (const [i, key] of ["a", "b", "c"].entries()) put(open(), key, i);
      put(open(), "b", 9, request({ seriesCount: 20_000 }));
      expect(scorers(open(), request({ seriesCount: 5 }))).toEqual({
        a: [0, 2.5, -0.1],
        b: [9, 2.5, -0.1],
        c: [2, 2.5, -0.1],
      });
    });

    test("gives no checkpoint to a run with another model, threshold or source, and none that is not useful", () => {
      put(open(), "a", 1);
      expect(scorers(open(), request({ belongsTo: "another model" }))).toEqual({});
      expect(scorers(open(), request({ isUseful: ({ checkpointMs }) => checkpointMs < 1000 }))).toEqual({});
      expect(scorers(open())).toEqual({ a: [1, 2.5, -0.1] });
      expect(scorers(open(), request(), "other")).toEqual({});
    });
  });
}
