import { readFileSync } from "node:fs";
import { InputError } from "../errors/errors.js";
import type { Labels } from "../series/series.js";
import { isGroupStatus, SERIES_STATES, type SeriesStatus } from "./status.js";

/**
 * The states of series that `infer` wrote; those of groups are left out. A file that is not there is undefined where nobody named it: records can be looked at without it.
 *
 * @throws InputError for a file that was named and is missing, and for one that holds something else.
 */
export function readStates(path: string, named: boolean): readonly SeriesStatus[] | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    if (!named && (cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new InputError("unreadable", `cannot read ${path}, the statuses of series; infer writes them with --states`, {
      cause,
    });
  }
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line, i) => statusOf(line, `${path}, line ${i + 1}`))
    .filter((status) => !isGroupStatus(status));
}

/** Files of version 0.1 hold no labels. */
function labelsOf({ labels, machine = "", aggregator = "" }: Partial<SeriesStatus>): Labels {
  return typeof labels === "object" && labels !== null ? labels : { machine, aggregator };
}

function statusOf(line: string, place: string): SeriesStatus {
  try {
    const status: Partial<SeriesStatus> = JSON.parse(line);
    const texts = [status.machine, status.aggregator, status.series];
    const known = SERIES_STATES.some((state) => state === status.state);
    if (known && texts.every((text) => typeof text === "string"))
      return { ...status, labels: labelsOf(status), reason: status.reason ?? null } as SeriesStatus;
  } catch (cause) {
    throw new InputError("states", `${place} is not a series' status: it is not JSON; let infer write it again`, {
      cause,
    });
  }
  throw new InputError("states", `${place} is not a series' status as infer writes it; name the file of --states`);
}
