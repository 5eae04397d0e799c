import type { Job } from "../../runs/job.js";
import { askedDetector } from "../asked-detector.js";
import { askedThreshold } from "../asked-threshold.js";
import type { CommandContext } from "../commands/spec.js";
import { sourceSpec } from "../source-options.js";
import { knobsFrom } from "./knobs.js";

/** The options of infer as the job that they describe: plain data, and nothing else of the command line. */
export function jobFrom(context: CommandContext<"infer">): Job {
  const { options, origins, positionals } = context;
  const { from, until, at, lookback } = options;
  return {
    name: context.job ?? null,
    source: { ...sourceSpec(context, [...positionals, ...options.data]), settle: options.settle },
    detector: askedDetector(options),
    model: { name: options.model, folder: options.modelsDir, isRequired: origins.model === "flag" },
    threshold: askedThreshold(options, origins) ?? null,
    knobs: knobsFrom(options),
    range: { from, until, at, lookback },
    timezone: options.timezone ?? null,
    isFresh: options.fresh,
    withEvidence: options.evidence !== undefined,
    groupBy: options.groupBy,
  };
}
