import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../errors/errors.js";
import { writeFileAtomic } from "../files/atomic.js";
import type { KnownEpisode } from "../records/identity.js";
import type { AnomalyRecord } from "../records/record.js";

const SCHEMA = "anomaly-memory/1";

/**
 * What a run must remember for the next one: the episodes that were reported. With it an episode keeps its id although
 * its beginning has left the window that is looked at, and `--new` knows what was reported.
 */
export interface Memory {
  readonly schema: typeof SCHEMA;
  readonly episodes: readonly KnownEpisode[];
  /** The step of the series, as a run without a model has measured it. */
  readonly step_ms?: number;
  /** Where a threshold lies on the scores of a detector that calibrates itself, as read from the past of all series. */
  readonly divisor?: OwnDivisor;
}

/** Worked out once a day (UTC), so that all runs of a day have one threshold. */
export interface OwnDivisor {
  readonly level: string;
  readonly day: string;
  readonly value: number;
}

export const EMPTY_MEMORY: Memory = { schema: SCHEMA, episodes: [] };

/** Longer names are cut, and end with a hash of the whole: file systems take 255 bytes, and locks and parts have endings of their own. */
const LONGEST_NAME = 120;
const HASH_DIGITS = 16;

/** One file a model: models do not share episodes. */
export function memoryPath(stateDir: string, modelName: string): string {
  const plain = modelName.replace(/[^\w.-]+/g, "_");
  if (plain.length <= LONGEST_NAME) return join(stateDir, `${plain}.json`);
  const hash = createHash("sha256").update(modelName).digest("hex").slice(0, HASH_DIGITS);
  return join(stateDir, `${plain.slice(0, LONGEST_NAME - HASH_DIGITS - 1)}_${hash}.json`);
}

/** @throws InputError for a file that is no memory; a missing one is an empty memory. */
export function readMemory(path: string): Memory {
  if (!existsSync(path)) return EMPTY_MEMORY;
  try {
    const memory: Memory = JSON.parse(readFileSync(path, "utf8"));
    if (memory.schema === SCHEMA && Array.isArray(memory.episodes) && memory.episodes.every(isKnown)) return memory;
  } catch (cause) {
    throw new InputError("memory", `cannot read ${path}, the memory of earlier runs; ${ADVICE}`, { cause });
  }
  throw new InputError("memory", `${path} is not a memory of earlier runs that this version knows; ${ADVICE}`);
}

const ADVICE = "remove it (ids of open episodes may change), or give --state-dir another folder";

function isKnown(episode: Partial<KnownEpisode>): boolean {
  const dates = [episode.start, episode.end, ...(episode.alerted_at === undefined ? [] : [episode.alerted_at])];
  return (
    typeof episode.id === "string" &&
    typeof episode.labels === "object" &&
    dates.every((date) => typeof date === "string" && !Number.isNaN(Date.parse(date)))
  );
}

/** Adds what a run has found; of an episode seen twice the longer extent and the first alarm stay. Older than `forgetBeforeMs` goes, unless it is `open`. `isAuto`: by a detector that was not named. */
export function remember(
  memory: Memory,
  records: readonly AnomalyRecord[],
  forgetBeforeMs: number,
  { open = new Set(), isAuto = false }: { readonly open?: ReadonlySet<string>; readonly isAuto?: boolean } = {},
): Memory {
  const episodes = new Map(memory.episodes.map((episode) => [episode.id, episode]));
  for (const { id, labels, start, alerted_at, end, job, detector, kind } of records) {
    const known = episodes.get(id);
    const longest = known !== undefined && Date.parse(known.end) > Date.parse(end) ? known.end : end;
    const first =
      known?.alerted_at !== undefined && Date.parse(known.alerted_at) < Date.parse(alerted_at)
        ? known.alerted_at
        : alerted_at;
    episodes.set(id, {
      id,
      labels,
      start,
      alerted_at: first,
      end: longest,
      job,
      detector,
      kind,
      ...(isAuto && { auto: true }),
    });
  }
  return {
    ...memory,
    episodes: [...episodes.values()].filter(({ id, end }) => open.has(id) || Date.parse(end) >= forgetBeforeMs),
  };
}

/** Silences that are over by now must not lend their begin to the next one. */
export function withoutEnded(memory: Memory, ended: readonly AnomalyRecord[]): Memory {
  const over = new Set(ended.map(({ id }) => id));
  return { ...memory, episodes: memory.episodes.filter(({ id }) => !over.has(id)) };
}

export function writeMemory(path: string, memory: Memory): void {
  writeFileAtomic(path, `${JSON.stringify(memory)}\n`);
}

/** The records that no earlier run has reported. */
export function unreported(
  records: readonly AnomalyRecord[],
  memory: Pick<Memory, "episodes">,
): readonly AnomalyRecord[] {
  const known = new Set(memory.episodes.map(({ id }) => id));
  return records.filter(({ id }) => !known.has(id));
}
