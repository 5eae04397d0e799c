import { expect, test } from "vitest";
import { lookOf } from "./judged.js";
import { eventProposals } from "./proposals.js";
import { shortEpisode } from "./testing/short-episode.js";

const expected = (id: string, start: string, verdict: "expected" | "false" = "expected") => {
  const record = shortEpisode(id, start, { labels: { machine: "n*1", aggregator: "a" } });
  const given = { verdict, at: record.end, author: "ann", note: "backup" };
  return { id, look: lookOf(record), ...given, end: record.end, stepMs: 1_200_000 };
};

test("what is expected is proposed as a maintenance at the same weekday and time, the first that is not over", () => {
  // 2025-07-01 is a Tuesday, and so are the 8th and the 22nd.
  const one = expected("e1", "2025-07-01T02:00:00Z");
  const first = {
    episode: "e1",
    kind: "maintenance",
    author: "ann",
    note: "backup",
    matchers: ["machine=n\\*1", "aggregator=a"],
  };
  expect(eventProposals([one], Date.parse("2025-07-01T03:00:00Z"))).toEqual([
    { ...first, from: "2025-07-08T01:40:00Z", until: "2025-07-08T02:40:00Z" },
  ]);
  expect(eventProposals([one], Date.parse("2025-07-15T02:40:00Z"))).toEqual([
    { ...first, from: "2025-07-22T01:40:00Z", until: "2025-07-22T02:40:00Z" },
  ]);
  expect(eventProposals([one], Date.parse("2025-07-15T02:39:59Z"))[0].from).toBe("2025-07-15T01:40:00Z");
});

test("false alarms are not proposed; the earliest is first", () => {
  const all = [
    expected("b", "2025-07-03T02:00:00Z"),
    expected("f", "2025-07-01T02:00:00Z", "false"),
    expected("a", "2025-07-02T02:00:00Z"),
  ];
  expect(eventProposals(all, Date.parse("2025-07-04T00:00:00Z")).map(({ episode }) => episode)).toEqual(["a", "b"]);
});
