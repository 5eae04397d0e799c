import { AnomalyError, ConfigError, EXIT, type ExitCode, UsageError } from "../errors/errors.js";
import { didYouMean } from "../wording/nearest.js";
import type { RunAnyCommand, WholeContext } from "./commands/spec.js";
import { ALL_JOBS } from "./config/file.js";
import { type Resolved, resolveOptions } from "./config/resolve.js";
import { Interrupted } from "./failure.js";
import type { CommandName } from "./options/spec.js";
import type { OptionKey, OptionValues } from "./options/table.js";

type Flags = Parameters<typeof resolveOptions>[0];
/** What all jobs of a run share, and the command itself. */
type Shared = Omit<WholeContext, keyof Resolved> & { readonly run: RunAnyCommand };

/** Commands that make sense for several jobs in one run: the others read one stream of records. */
const SEVERAL: readonly CommandName[] = ["train", "infer", "doctor"];
/** In the paths of results `{job}` stands for the job's name. */
const PATHS = ["output", "states", "summary"] as const;

/**
 * Runs a command once for each job, one after the other. A job that fails is reported by its name and does not keep the others from
 * running; the status is then that of the failure, or 1 where there were different ones.
 */
export async function runJobs(
  command: CommandName,
  resolved: Resolved,
  flags: Flags,
  { run, ...shared }: Shared,
): Promise<ExitCode> {
  const jobs = jobNames(resolved);
  if (jobs.length > 1 && !SEVERAL.includes(command)) {
    throw new UsageError("job", `${command} takes one job at a time; give --job ${jobs[0]}`);
  }
  const statuses: ExitCode[] = [];
  for (const job of jobs) {
    const own = await resolveOptions(flags, shared.streams.env, command, job);
    const options = withJobsPaths(own, job, jobs.length > 1);
    if (jobs.length > 1) shared.log.info(`job ${job}`, { job });
    try {
      statuses.push(await run({ ...shared, ...own, options, job }));
    } catch (thrown) {
      if (!(thrown instanceof AnomalyError) || thrown instanceof Interrupted || jobs.length === 1) throw thrown;
      shared.log.error(`job ${job}: ${thrown.message}`, { job, code: thrown.code });
      statuses.push(thrown.exitCode);
    }
    shared.signal.throwIfAborted();
  }
  return worstOf(statuses);
}

/** The jobs that are requested, each once; @throws UsageError for one that anomaly.yaml does not have. */
export function jobNames({
  options,
  settings,
  configPath,
}: Pick<Resolved, "settings" | "configPath"> & {
  readonly options: Pick<OptionValues, "job">;
}): readonly string[] {
  const there = [...new Set(settings.flatMap(({ job }) => (job === undefined ? [] : [job])))];
  if (there.length === 0) {
    const where = configPath === undefined ? "there is no anomaly.yaml" : `${configPath} has none`;
    throw new ConfigError("job", `jobs are in a settings file, and ${where}; anomaly init writes one`);
  }
  if (options.job.length === 0 || options.job.includes(ALL_JOBS)) return there;
  const unknown = options.job.find((job) => !there.includes(job));
  if (unknown !== undefined) {
    const hint = didYouMean(unknown, there) || `; there are ${there.join(", ")}`;
    throw new UsageError("job", `${configPath} has no job "${unknown}"${hint}`);
  }
  return [...new Set(options.job)];
}

/** Paths of the job's own results: several jobs that wrote one states file would leave only the last one's. */
export function withJobsPaths({ options, origins }: Resolved, job: string, several: boolean): OptionValues {
  const named = Object.fromEntries(
    PATHS.flatMap((key) => {
      const path = options[key];
      return path === undefined ? [] : [[key, path.replaceAll("{job}", job)]];
    }),
  );
  const states = origins.states === "default" ? options.states.replace(/\.ndjson$/, `.${job}.ndjson`) : named["states"];
  const shared = (key: OptionKey & (typeof PATHS)[number]) =>
    several && options[key] !== undefined && !options[key]?.includes("{job}");
  if (shared("summary") || (options.recordFormat === "csv" && shared("output") && options.output !== "-")) {
    const flag = shared("summary") ? "--summary" : "--output";
    throw new UsageError("job", `${flag} would hold the last job's results only; write {job} into its name`);
  }
  return { ...options, ...named, states };
}

function worstOf(statuses: readonly ExitCode[]): ExitCode {
  const bad = new Set(statuses.filter((status) => status !== EXIT.ok && status !== EXIT.anomaly));
  if (bad.size > 1) return EXIT.failed;
  for (const status of bad) return status;
  return statuses.includes(EXIT.anomaly) ? EXIT.anomaly : EXIT.ok;
}
