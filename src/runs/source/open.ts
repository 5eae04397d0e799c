import type { CommandContext } from "../../cli/commands/spec.js";
import type { OptionValues } from "../../cli/options/table.js";
import type { Progress } from "../../cli/progress.js";
import type { Model } from "../../detectors/family/learned.js";
import { UsageError } from "../../errors/errors.js";
import type { OpenedSource } from "./opened.js";

export interface SourceRequest {
  /** CSV files, folders and globs, from the arguments and `--data`. */
  readonly paths: readonly string[];
  /** Says how names and units were read in training, so that they are read the same way now. */
  readonly model: Model | undefined;
  readonly progress: Progress;
}

/** Opens the source that the options ask for, does some work with it, and closes it whatever happens. */
export async function withSource<T>(
  context: CommandContext,
  request: SourceRequest,
  work: (opened: OpenedSource) => Promise<T>,
): Promise<T> {
  const opened = await openSource(context, request);
  try {
    return await work(opened);
  } finally {
    await opened.close();
  }
}

/** Each kind of source is loaded only when it is used: CSV needs no HTTP client, and a server no CSV parser. */
async function openSource(context: CommandContext, request: SourceRequest): Promise<OpenedSource> {
  const kind = context.options.source ?? "csv";
  if (kind !== "csv" && context.positionals.length > 0 && request.paths.includes(context.positionals[0])) {
    throw new UsageError(
      "source",
      `"${context.positionals[0]}" names CSV data, but --source is ${kind}; leave one of the two away`,
    );
  }
  if (kind === "csv") return (await loadCsv()).openCsv(context, request);
  return (await loadServer()).openServer(context, kind, { model: request.model });
}

const loadCsv = () => import("./open-csv.js");
const loadServer = () => import("./open-server.js");

/** Loads the kind of source that the options ask for. */
export async function loadSource({ source }: Pick<OptionValues, "source">): Promise<void> {
  await ((source ?? "csv") === "csv" ? loadCsv() : loadServer());
}
