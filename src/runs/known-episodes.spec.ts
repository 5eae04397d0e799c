import { describe, expect, test } from "vitest";
import { testRecord } from "../records/testing/record.js";
import { remember } from "../store/memory.js";
import { forgetOwn, knownEpisodes } from "./known-episodes.js";

const OWNER = { job: null, detector: "family" };
const EMPTY = { schema: "anomaly-memory/1", episodes: [] } as const;
const ids = (episodes: readonly { readonly id: string }[]) => episodes.map(({ id }) => id);

describe("the episodes that a run may continue", () => {
  test("are its owner's, of the memory", () => {
    const memory = remember(EMPTY, [testRecord(), testRecord({ id: "other", job: "lag" })], 0);
    expect(ids(knownEpisodes(memory, [], OWNER))).toEqual(["id-1"]);
    expect(ids(knownEpisodes(memory, [], { ...OWNER, job: "lag" }))).toEqual(["other"]);
  });

  test("are those of an older memory, which says neither job nor detector", () => {
    const { id, labels, start, end } = testRecord();
    expect(ids(knownEpisodes({ ...EMPTY, episodes: [{ id, labels, start, end }] }, [], OWNER))).toEqual(["id-1"]);
  });

  test("are those of the records so far where the memory has none", () => {
    const { job: _, ...older } = testRecord({ id: "older" });
    expect(ids(knownEpisodes(EMPTY, [older, testRecord({ id: "b", detector: "residual" })], OWNER))).toEqual(["older"]);
  });

  test("leave out an id that the records hold as somebody else's", () => {
    const memory = remember(EMPTY, [testRecord()], 0);
    expect(knownEpisodes(memory, [testRecord({ detector: "residual" })], OWNER)).toEqual([]);
  });
});

test("--fresh forgets what is the owner's, and nothing else", () => {
  const memory = remember(EMPTY, [testRecord(), testRecord({ id: "other", detector: "residual" })], 0);
  expect(ids(forgetOwn(memory, OWNER).episodes)).toEqual(["other"]);
});
