import { expect, test } from "vitest";
import type { GroupMember, HydratedRecord } from "../records/record.js";
import { groupSpec } from "./group-spec.js";
import { renderSvg } from "./render-svg.js";
import { hydratedOf } from "./testing/hydrated-record.js";

const day = hydratedOf();
const member = (aggregator: string, share: number, part: Partial<GroupMember> = {}): GroupMember => ({
  series: `n1.${aggregator}`,
  target: `n1.${aggregator}`,
  labels: { machine: "n1", aggregator },
  share,
  score: 3,
  off: 0,
  unit: null,
  detector: "residual",
  model: "default+residual",
  model_version: null,
  threshold: "own",
  threshold_divisor: 1,
  context: day.context,
  ...part,
});

function groupOf(members: readonly GroupMember[]): HydratedRecord {
  return {
    ...day,
    kind: "group",
    labels: { machine: "n1" },
    observed: null,
    context: null,
    history: null,
    reasons: ["3 of 9 series anomalous together"],
    member_count: 9,
    members,
  };
}

const textsOf = async (record: HydratedRecord) =>
  [...(await renderSvg(groupSpec(record))).matchAll(/<(?:text|tspan)[^>]*>([^<]+)</g)].map(([, text]) => text);

test("each member has a small picture of its own, the largest share first, and at most six do", async () => {
  const names = ["a", "b", "c", "d", "e", "f", "g"];
  const texts = await textsOf(groupOf(names.map((name, i) => member(name, 0.4 - i / 20))));
  const titles = texts.filter((text) => /^\d +[a-g] +·/.test(text));
  expect(titles.map((text) => text.replace(/ +/g, " "))).toEqual(
    ["40", "35", "30", "25", "20", "15"].map((share, i) => `${i + 1} ${names[i]} · ${share} % · score 3`),
  );
  expect(texts).toContain("machine=n1");
  expect(texts).toContain("3 of 9 series anomalous together");
  expect(texts).toContain("6 series of 9, the largest share first");
});

test("a member that could not be fetched says so, and the others are drawn", async () => {
  const texts = await textsOf(groupOf([member("a", 0.6, { context: null }), member("b", 0.4, { off: 2.5 })]));
  expect(texts.some((text) => /^1 +a .*: no data$/.test(text))).toBe(true);
  expect(texts.some((text) => /^2 +b .* · 2\.50? off the others$/.test(text))).toBe(true);
});

test("a record that names no members has a picture that says so", async () => {
  expect(await textsOf(groupOf([]))).toContain("the record names no members");
});

test("a long sentence in the title makes the picture no wider than its panels", async () => {
  const widthOf = async (reasons: readonly string[]) => {
    const record = { ...groupOf([member("a", 0.6), member("b", 0.4)]), reasons };
    return Number(/width="(\d+)"/.exec(await renderSvg(groupSpec(record)))?.[1]);
  };
  expect(await widthOf(["most of 38 series off at once, driven by ".repeat(6)])).toBe(await widthOf(["short"]));
});
