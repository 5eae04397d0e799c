import { stringify } from "yaml";
import { EXIT, type ExitCode } from "../../errors/errors.js";
import { writeFileAtomic } from "../../files/atomic.js";
import { rulesFor } from "../../generate/rules.js";
import { count } from "../../wording/count.js";
import type { CommandContext } from "../commands/spec.js";
import { servedJobs } from "../serve/served-jobs.js";

const HEAD = "# Rules on the metrics of anomaly serve, for Prometheus and vmalert. Made by: anomaly rules\n";

/** `anomaly rules`: alerting and recording rules from the jobs. */
export async function rules(context: CommandContext<"rules">): Promise<ExitCode> {
  const { options, streams, log } = context;
  const jobs = (await servedJobs(context)).map(({ job: { name }, everyMs }) => ({ name, everyMs }));
  const file = rulesFor(jobs, { forMs: options.for, coverage: options.coverage });
  const text = HEAD + stringify(file, { lineWidth: 0 });
  if (options.output === undefined || options.output === "-") await streams.out(text);
  else {
    writeFileAtomic(options.output, text);
    log.info(`${options.output}: ${count(file.groups.flatMap((group) => group.rules).length, "rule")}`);
  }
  return EXIT.ok;
}
