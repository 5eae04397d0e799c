import { describe, expect, test } from "vitest";
import { continues, episodeId, type KnownEpisode } from "./identity.js";
import { isOwnedBy } from "./origin.js";

const labels = { machine: "n1", aggregator: "a" };
const START = "2025-07-01T10:00:00Z";
const at = (time: string) => Date.parse(`2025-07-01T${time}:00Z`);
const known = (id: string, from: string, until: string, kind?: KnownEpisode["kind"]): KnownEpisode => ({
  id,
  labels,
  start: `2025-07-01T${from}:00Z`,
  end: `2025-07-01T${until}:00Z`,
  kind,
});

describe("the id of an episode", () => {
  test("is another for each series, detector, job and begin", () => {
    const ids = [
      episodeId(labels, { job: null, detector: "family" }, START),
      episodeId(labels, { job: null, detector: "residual" }, START),
      episodeId(labels, { job: "lag", detector: "family" }, START),
      episodeId(labels, { job: "family", detector: "lag" }, START),
      episodeId({ ...labels, machine: "n2" }, { job: null, detector: "family" }, START),
      episodeId(labels, { job: null, detector: "family" }, "2025-07-01T10:20:00Z"),
    ];
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids[0]).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe("the episode that a found one continues", () => {
  const found = (from: string, until: string, isSilence = false) => ({
    startMs: at(from),
    endMs: at(until),
    isSilence,
  });

  test("overlaps it, or ended no more than the merge gap before; the earliest of several", () => {
    const episodes = [known("b", "09:00", "09:30", "spike"), known("a", "08:00", "08:40", "spike")];
    expect(continues(episodes, found("10:00", "11:00"), 3_600_000)?.id).toBe("b");
    expect(continues(episodes, found("08:20", "09:10"), 0)?.id).toBe("a");
    expect(continues(episodes, found("10:31", "11:00"), 3_600_000)).toBeUndefined();
  });

  test("is a silence for a silence, and of values for values", () => {
    const silence = [known("s", "00:00", "23:00", "silence")];
    expect(continues(silence, found("10:00", "11:00"), 3_600_000)).toBeUndefined();
    expect(continues(silence, found("10:00", "11:00", true), 3_600_000)?.id).toBe("s");
    expect(continues([known("v", "10:00", "11:00", "spike")], found("10:20", "12:00", true), 0)).toBeUndefined();
  });

  test("is the same where both begin in one slot, and where an older memory does not say what it was", () => {
    expect(continues([known("v", "10:00", "11:00", "drop")], found("10:00", "12:00", true), 0)?.id).toBe("v");
    expect(continues([known("o", "09:00", "11:00")], found("10:00", "12:00", true), 0)?.id).toBe("o");
  });
});

describe("whose a record is", () => {
  const owner = { job: "lag", detector: "residual" };
  test.each([
    ["of the same job and detector", { job: "lag", detector: "residual" }, true],
    ["of another job", { job: null, detector: "residual" }, false],
    ["of another detector", { job: "lag", detector: "family" }, false],
    ["older than jobs in records, by the model's name", { model: "default+residual" }, true],
    ["older, of another detector", { model: "default" }, false],
    ["of a memory that said neither", {}, true],
  ])("one %s", (_, owned, isOwn) => {
    expect(isOwnedBy(owned, owner)).toBe(isOwn);
  });
});
