import { join } from "node:path";
import { ConfigError } from "../../errors/errors.js";
import type { ServedJob } from "../../serve/run/order.js";
import type { CommandContext } from "../commands/spec.js";
import { resolveOptions } from "../config/resolve.js";
import { jobFrom } from "../infer/job-from.js";
import { jobNames, withJobsPaths } from "../jobs.js";
import type { OptionKey } from "../options/table.js";

/**
 * The jobs that are to be served, each with the settings that `anomaly infer --job` would use.
 *
 * @throws ConfigError, with line and column, where the settings file cannot be used.
 */
export async function servedJobs(
  context: CommandContext<"serve" | "rules" | "dashboards" | "export">,
): Promise<readonly ServedJob[]> {
  const { streams, configPath, options } = context;
  const flags = new Map<OptionKey, readonly string[]>(configPath === undefined ? [] : [["config", [configPath]]]);
  // What the file says now: it may have been changed since the command began.
  const { settings } = await resolveOptions(flags, streams.env, "serve");
  const names = jobNames({ options, settings, configPath });
  const jobs = await Promise.all(
    names.map(async (name) => {
      const serving = await resolveOptions(flagsForAll(context, flags), streams.env, "serve", name);
      const { every, dashboardUid, retrain } = serving.options;
      const resolved = await resolveOptions(flags, streams.env, "infer", name);
      const own = withJobsPaths(resolved, name, names.length > 1);
      if (own.recordFormat !== "ndjson") {
        throw new ConfigError(
          "format",
          `job ${name}: serve keeps records as ndjson, one object per line; remove format`,
        );
      }
      const job = jobFrom({ ...context, ...resolved, options: own, positionals: [], job: name });
      const { from, until, at } = job.range;
      if ([from, until, at].some((moment) => moment !== undefined)) {
        throw new ConfigError("range", `job ${name}: serve looks at now; remove from, until and at`);
      }
      return {
        job: { ...job, name },
        everyMs: every,
        records: own.output ?? `out/${name}.ndjson`,
        states: own.states,
        stateDir: own.stateDir,
        keepMs: own.keep,
        retrainMs: retrain ?? null,
        retrainPlace: serving.origins.retrain,
        dashboardUid: dashboardUid ?? null,
      };
    }),
  );
  checkRetrained(jobs);
  return jobs.map(({ retrainPlace: _, ...job }) => job);
}

/**
 * A model is trained again from one job's series: those of another job would take its place in turn.
 *
 * @throws ConfigError where two jobs retrain one model, or the model is not one that train could write.
 */
function checkRetrained(jobs: readonly (ServedJob & { readonly retrainPlace: string })[]): void {
  const owners = new Map<string, string>();
  for (const { job, retrainMs, retrainPlace } of jobs) {
    if (retrainMs === null) continue;
    const { name, folder } = job.model;
    if (/[/\\]/.test(name)) {
      throw new ConfigError(
        "retrain",
        `${retrainPlace}: job ${job.name} has the model ${name}, and retrain needs a name in ${folder}/; give the folder with models-dir`,
      );
    }
    const place = join(folder, name);
    const owner = owners.get(place);
    if (owner !== undefined) {
      throw new ConfigError(
        "retrain",
        `${retrainPlace}: the jobs ${owner} and ${job.name} would both retrain the model ${name}; give each a model of its own`,
      );
    }
    owners.set(place, job.name);
  }
}

/** `--every`, `--retrain` and `--dashboard-uid` on the command line hold for all jobs. */
function flagsForAll(
  { origins, options }: CommandContext<"serve">,
  flags: ReadonlyMap<OptionKey, readonly string[]>,
): ReadonlyMap<OptionKey, readonly string[]> {
  const all = new Map(flags);
  if (origins.every === "flag") all.set("every", [`${options.every}ms`]);
  if (origins.retrain === "flag") all.set("retrain", [`${options.retrain}ms`]);
  if (origins.dashboardUid === "flag") all.set("dashboardUid", [options.dashboardUid ?? ""]);
  return all;
}
