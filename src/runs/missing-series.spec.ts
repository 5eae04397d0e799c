import { describe, expect, test } from "vitest";
import { withMissingSeries } from "./missing-series.js";

const known = (machine: string) => ({ name: `${machine}.a`, labels: { machine, aggregator: "a" } });
const model = { series: [known("n1"), known("n2"), known("m3")] };
const fetched = (machine: string) => ({ ...known(machine), startMs: 0, stepMs: 1, values: new Float64Array(0) });
const ALL = { targets: [{ expression: "*", labels: {} }], isPromql: false };
const names = (problems: readonly { readonly labels: Readonly<Record<string, string>> }[]) =>
  problems.map(({ labels }) => labels["machine"]);

describe("withMissingSeries", () => {
  test("what the model knows and the source has nothing of is no data", () => {
    const missing = withMissingSeries(model, [fetched("n1")], [], [], ALL);
    expect(names(missing)).toEqual(["n2", "m3"]);
    expect(missing.every(({ kind }) => kind === "no_data")).toBe(true);
  });

  test("what already has a problem is not reported twice", () => {
    const problem = { labels: known("n2").labels, expression: "n2.a", kind: "failed" as const, reason: "502" };
    expect(names(withMissingSeries(model, [fetched("n1")], [problem], [], ALL))).toEqual(["n2", "m3"]);
  });

  test("a glob that failed stands for all it could have brought: they failed, and are not said to be gone", () => {
    const glob = { labels: { aggregator: "a" }, expression: "*.a", kind: "failed" as const, reason: "502" };
    const problems = withMissingSeries(model, [fetched("n1")], [glob], [], ALL);
    expect(problems.map(({ labels, kind, reason }) => [labels["machine"], kind, reason])).toEqual([
      ["n2", "failed", "502"],
      ["m3", "failed", "502"],
    ]);
  });

  test("a glob that found nothing is reported as the series that are missed", () => {
    const glob = { labels: {}, expression: "*.*", kind: "no_data" as const, reason: "nothing" };
    const problems = withMissingSeries(model, [], [glob], [], ALL);
    expect(names(problems)).toEqual(["n1", "n2", "m3"]);
    expect(problems.every(({ kind }) => kind === "no_data")).toBe(true);
  });

  test("a glob that could only have brought what the model does not know is reported itself", () => {
    const glob = { labels: { aggregator: "b" }, expression: "*.b", kind: "failed" as const, reason: "502" };
    expect(withMissingSeries(model, ["n1", "n2", "m3"].map(fetched), [glob], [], ALL)).toEqual([glob]);
  });

  test("what no target could bring is not missed", () => {
    const question = { targets: [{ expression: "*.a", labels: { machine: "n1" } }], isPromql: false };
    expect(names(withMissingSeries(model, [], [], [], question))).toEqual(["n1"]);
  });

  test("what --var did not ask for is not missed", () => {
    expect(names(withMissingSeries(model, [], [], [{ name: "machine", values: ["n*"] }], ALL))).toEqual(["n1", "n2"]);
    expect(names(withMissingSeries(model, [], [], [{ name: "machine", values: ["m3", "n2"] }], ALL))).toEqual([
      "n2",
      "m3",
    ]);
    expect(names(withMissingSeries(model, [], [], [{ name: "shard", values: ["7"] }], ALL))).toEqual([
      "n1",
      "n2",
      "m3",
    ]);
  });
});
