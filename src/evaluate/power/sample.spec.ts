import { describe, expect, test } from "vitest";
import { stratified } from "./sample.js";

const groups = [...new Array(90).fill("steady"), ...new Array(9).fill("spiky"), "constant"];

describe("stratified", () => {
  test("draws of each group as many as its share, and one at least", () => {
    const drawn = stratified(groups, 20, 1).map((i) => groups[i]);
    const count = (group: string) => drawn.filter((one) => one === group).length;
    expect([count("steady"), count("spiky"), count("constant")]).toEqual([18, 2, 1]);
  });

  test("draws nobody twice, in order, and for one seed the same", () => {
    const drawn = stratified(groups, 20, 7);
    expect([...new Set(drawn)].sort((a, b) => a - b)).toEqual(drawn);
    expect(stratified(groups, 20, 7)).toEqual(drawn);
    expect(stratified(groups, 20, 8)).not.toEqual(drawn);
  });

  test("draws all where there are no more", () => {
    expect(stratified(["a", "b"], 5, 1)).toEqual([0, 1]);
  });
});
