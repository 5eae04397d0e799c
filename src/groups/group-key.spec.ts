import { expect, test } from "vitest";
import { byGroup, groupLabels } from "./group-key.js";

test.each([
  [["machine"], { machine: "n1" }],
  [["mode", "machine"], { machine: "n1", mode: "idle" }],
  [["machine", "rack"], undefined],
  [["toString"], undefined],
  [[], undefined],
])("a series is in the group of its labels %j", (by, expected) => {
  expect(groupLabels({ machine: "n1", mode: "idle" }, by)).toEqual(expected);
});

test("groups come in the order of their keys, with their members in the order they had", () => {
  const all: readonly { readonly labels: Readonly<Record<string, string>> }[] = [
    { labels: { machine: "b", a: "1" } },
    { labels: { machine: "a" } },
    { labels: { machine: "b", a: "0" } },
    { labels: {} },
  ];
  expect(byGroup(all, ["machine"]).map(({ key, members }) => [key, members])).toEqual([
    ["machine=a", [all[1]]],
    ["machine=b", [all[0], all[2]]],
  ]);
});
