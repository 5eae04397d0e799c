import { expect, test } from "vitest";
import type { TimeRange } from "../series/series.js";
import type { Target } from "../sources/source.js";
import { sharedFetch } from "./shared-fetch.js";

const ALL: readonly Target[] = [{ expression: "a.*", labels: {} }];
const range = (startMs: number, endMs: number): TimeRange => ({ startMs, endMs });

test("what lies in an earlier answer to all targets is not requested again; anything else is", async () => {
  const asked: unknown[] = [];
  const fetch = sharedFetch(async (targets, wanted) => {
    asked.push([targets.length, wanted.startMs, wanted.endMs]);
    return { series: [], problems: [], notes: [`${wanted.startMs}`] };
  }, ALL);
  expect((await fetch(ALL, range(10, 50))).notes).toEqual(["10"]);
  expect((await fetch(ALL, range(20, 50))).notes).toEqual(["10"]);
  expect((await fetch([...ALL], range(20, 50))).notes).toEqual(["20"]);
  expect((await fetch(ALL, range(0, 50))).notes).toEqual(["0"]);
  expect((await fetch(ALL, range(10, 60))).notes).toEqual(["10"]);
  expect(asked).toHaveLength(4);
});
