import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { outputError } from "../files/atomic.js";
import { makeFolder } from "../files/folder.js";
import { formatUtc } from "../time/format.js";

/** What a person said of an episode. */
export type Verdict = "true" | "false" | "expected";

export function isVerdict(text: unknown): text is Verdict {
  return text === "true" || text === "false" || text === "expected";
}

/** The verdicts of a job's episodes, one JSON object per line; of several about one episode the last counts. */
export interface Verdicts {
  readonly of: (id: string) => Verdict | null;
  /** @throws OutputError if it cannot be written. */
  readonly give: (id: string, job: string, verdict: Verdict, atMs: number) => void;
}

/** @param stateDir the folder of what outlives a run. */
export function fileVerdicts(stateDir: string): Verdicts {
  const path = join(stateDir, "verdicts.ndjson");
  return {
    of: (id) => {
      if (!existsSync(path)) return null;
      let found: Verdict | null = null;
      for (const line of readFileSync(path, "utf8").split("\n")) {
        if (!line.includes(id)) continue;
        try {
          const one: { readonly id?: unknown; readonly verdict?: unknown } = JSON.parse(line);
          if (one.id === id && isVerdict(one.verdict)) found = one.verdict;
        } catch {
          // The line of a process that was killed while it wrote: whoever gave that verdict got no answer.
        }
      }
      return found;
    },
    give: (id, job, verdict, atMs) => {
      try {
        makeFolder(stateDir);
        // A line that was cut off before it must not swallow this one.
        const isCut = existsSync(path) && !readFileSync(path, "utf8").endsWith("\n");
        appendFileSync(path, `${isCut ? "\n" : ""}${JSON.stringify({ id, job, verdict, at: formatUtc(atMs) })}\n`);
      } catch (cause) {
        throw outputError(path, cause);
      }
    },
  };
}
