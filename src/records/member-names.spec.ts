import { expect, test } from "vitest";
import { memberNames } from "./member-names.js";

const member = (labels: Record<string, string>) => ({ series: `series of ${Object.values(labels).join(".")}`, labels });

test.each([
  [
    "by the label that differs",
    [
      { machine: "n1", a: "x", job: "j" },
      { machine: "n1", a: "y", job: "j" },
    ],
    ["x", "y"],
  ],
  [
    "by all labels that differ",
    [
      { a: "x", b: "1" },
      { a: "x", b: "2" },
      { a: "y", b: "1" },
    ],
    ["x 1", "x 2", "y 1"],
  ],
  ["by what it has beside the group's, if it is alone", [{ machine: "n1", a: "x" }], ["x"]],
  [
    "by its name where no label says it",
    [{ machine: "n1" }, { machine: "n1", a: "x" }],
    ["series of n1", "series of n1.x"],
  ],
  ["not at all where there is none", [], []],
])("members are named %s", (_, labels, expected) => {
  expect(memberNames((labels as Record<string, string>[]).map(member), { machine: "n1" })).toEqual(expected);
});
