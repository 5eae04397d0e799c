import { join } from "node:path";
import { EXIT, type ExitCode } from "../../errors/errors.js";
import { writeFileAtomic } from "../../files/atomic.js";
import { dashboardsFor } from "../../generate/dashboards.js";
import type { CommandContext } from "../commands/spec.js";
import { servedJobs } from "../serve/served-jobs.js";

const USUAL_FOLDER = "out/dashboards";

/** `anomaly dashboards`: Grafana dashboards from the jobs, one file each. */
export async function dashboards(context: CommandContext<"dashboards">): Promise<ExitCode> {
  const { options, log } = context;
  const jobs = (await servedJobs(context)).map(({ job }) => job.name);
  const folder = options.output ?? USUAL_FOLDER;
  for (const [name, dashboard] of Object.entries(dashboardsFor(jobs, options.on))) {
    writeFileAtomic(join(folder, name), `${JSON.stringify(dashboard, null, 2)}\n`);
    log.info(join(folder, name));
  }
  return EXIT.ok;
}
