import { describe, expect, test } from "vitest";
import { jobForExpression, jobForTarget } from "./replay-lane.js";
import type { ServedJob } from "./run/order.js";

const job = (name: string, source: Readonly<Record<string, unknown>>) =>
  ({ job: { name, source: { query: [], ...source } } }) as unknown as ServedJob;
const graphite = (name: string, template: string, graphiteUrl = "http://g") =>
  job(name, { source: "graphite", graphiteUrl, template });
const prometheus = (name: string, prometheusUrl: string) =>
  job(name, { source: "prometheus", prometheusUrl, query: [{ expression: "up" }] });

describe("the job whose upstream and detector is used", () => {
  const jobs = [
    job("files", { source: "csv" }),
    graphite("cpu", "s.{machine}.cpu"),
    graphite("lag", "s.{machine}.lag"),
    prometheus("p", "http://p"),
  ];
  const ofTarget = (all: readonly ServedJob[], target: string, name?: string) =>
    jobForTarget(all, name, target).job.name;

  test("for a target is that whose template it fits, else the first of one Graphite", () => {
    expect(ofTarget(jobs, "s.web1.lag")).toBe("lag");
    expect(ofTarget(jobs, "s.*.lag")).toBe("lag");
    expect(ofTarget(jobs, "scale(s.web1.lag,8)")).toBe("cpu");
    expect(ofTarget(jobs, "other.path")).toBe("cpu");
    expect(ofTarget(jobs, "s.web1.lag", "cpu")).toBe("cpu");
  });

  test("has to be named where there are several servers and the target fits no template", () => {
    const two = [...jobs, graphite("far", "far.{machine}", "http://far")];
    expect(ofTarget(two, "far.web1")).toBe("far");
    expect(() => ofTarget(two, "other.path")).toThrow(
      'several jobs ask different servers; name one, as in anomalyScore(target, "cpu"): cpu, lag, far',
    );
    expect(ofTarget(two, "other.path", "far")).toBe("far");
  });

  test("speaks the language of what is asked", () => {
    expect(() => ofTarget(jobs, "s.web1.lag", "p")).toThrow('no job "p" that asks a Graphite; there are cpu, lag');
    expect(() => ofTarget([jobs[0], jobs[3]], "s.web1.lag")).toThrow(/no job asks a Graphite/);
    expect(jobForExpression(jobs, undefined).job.name).toBe("p");
    expect(() => jobForExpression(jobs, "lag")).toThrow('no job "lag" that asks a server of PromQL; there are p');
    expect(() => jobForExpression([prometheus("a", "x"), prometheus("b", "y")], undefined)).toThrow(
      /anomaly_score\(EXPR/,
    );
  });
});
