import { join } from "node:path";
import type { ExitCode } from "../../errors/errors.js";
import { DEFAULT_FLEET } from "../../simulate/options.js";
import { DAY_MS } from "../../time/duration.js";
import { count } from "../../wording/count.js";
import type { WholeContext } from "../commands/spec.js";
import { hydrate } from "../hydrate/hydrate.js";
import { infer } from "../infer/infer.js";
import type { OptionValues } from "../options/table.js";
import { plot } from "../plot/plot.js";
import { report } from "../report/report.js";
import { simulate } from "../simulate/simulate.js";
import { train } from "../train/train.js";

export interface DemoPaths {
  readonly fleet: string;
  readonly models: string;
  readonly state: string;
  readonly states: string;
  readonly records: string;
  readonly hydrated: string;
  readonly plots: string;
  readonly report: string;
}

export interface DemoStep {
  readonly name: string;
  readonly about: string;
  readonly run: () => Promise<ExitCode>;
}

/** The commands of the chain, each with the options that a person would give it. */
export function demoSteps(context: WholeContext, paths: DemoPaths): readonly DemoStep[] {
  const { machines, days, liveDays } = context.options;
  const model: Partial<OptionValues> = { modelsDir: paths.models, model: "demo" };
  const source: Partial<OptionValues> = { ...model, source: "csv", data: [paths.fleet] };
  const found = { output: paths.records, states: paths.states, stateDir: paths.state, lookback: liveDays * DAY_MS };
  const step = (name: string, about: string, run: () => Promise<ExitCode>): DemoStep => ({ name, about, run });
  return [
    step(
      "simulate",
      `${count(machines, "machine")} × ${DEFAULT_FLEET.aggregators} aggregators, ${count(days, "day")}, then ${count(liveDays, "live day")}`,
      () => simulate(withOptions(context, {}, [paths.fleet])),
    ),
    step("train", "learn from the history what is normal", () =>
      train(withOptions(context, model, [join(paths.fleet, "history")])),
    ),
    step("infer", "replay the live days", () => infer(withOptions(context, { ...source, ...found }, []))),
    step("hydrate", "add the 24 hours around each record", () =>
      hydrate(withOptions(context, { ...source, output: paths.hydrated }, [paths.records])),
    ),
    step("plot", "draw each record, and all of them in one overview", () =>
      plot(withOptions(context, { output: paths.plots }, [paths.hydrated])),
    ),
    step("report", "all of it as one page", () =>
      report(
        withOptions(context, { output: paths.report, pictures: paths.plots, states: paths.states }, [paths.hydrated]),
      ),
    ),
  ];
}

/** The context of one step: its options set, its data kept off stdout, its log lines only with `--verbose`. */
function withOptions(
  context: WholeContext,
  options: Partial<OptionValues>,
  positionals: readonly string[],
): WholeContext {
  const { log, streams } = context;
  return {
    ...context,
    // What is in the environment or anomaly.yaml for real data must not reach the simulated fleet.
    options: { ...context.options, data: [], var: [], json: false, quiet: false, ...options },
    origins: { ...context.origins, model: "flag" },
    positionals,
    // Listed one by one: the streams' own properties are looked up when they are requested.
    streams: {
      stdin: streams.stdin,
      stdinKind: "terminal",
      stdoutKind: "terminal",
      stderrIsTerminal: streams.stderrIsTerminal,
      stderrColumns: streams.stderrColumns,
      env: {},
      nowMs: streams.nowMs,
      out: async () => {},
      err: streams.err,
    },
    log: { ...log, info: log.debug },
  };
}
