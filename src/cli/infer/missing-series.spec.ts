import { describe, expect, test } from "vitest";
import type { Model } from "../../model/model.js";
import { missingSeries } from "./missing-series.js";

const known = (machine: string) => ({ name: `${machine}.a`, labels: { machine, aggregator: "a" } });
// Only the names are looked at.
const model = { series: [known("n1"), known("n2"), known("m3")] } as unknown as Model;
const fetched = (machine: string) => ({ ...known(machine), startMs: 0, stepMs: 1, values: new Float64Array(0) });
const names = (problems: readonly { readonly labels: Readonly<Record<string, string>> }[]) =>
  problems.map(({ labels }) => labels["machine"]);

describe("missingSeries", () => {
  test("what the model knows and the source has nothing of is no data", () => {
    const missing = missingSeries(model, [fetched("n1")], [], []);
    expect(names(missing)).toEqual(["n2", "m3"]);
    expect(missing.every(({ kind }) => kind === "no_data")).toBe(true);
  });

  test("what already has a problem is not told twice", () => {
    const problem = { labels: known("n2").labels, expression: "n2.a", kind: "failed" as const, reason: "502" };
    expect(names(missingSeries(model, [fetched("n1")], [problem], []))).toEqual(["m3"]);
  });

  test("what --var did not ask for is not missed", () => {
    expect(names(missingSeries(model, [], [], [{ name: "machine", values: ["n*"] }]))).toEqual(["n1", "n2"]);
    expect(names(missingSeries(model, [], [], [{ name: "machine", values: ["m3", "n2"] }]))).toEqual(["n2", "m3"]);
    expect(names(missingSeries(model, [], [], [{ name: "shard", values: ["7"] }]))).toEqual(["n1", "n2", "m3"]);
  });
});
