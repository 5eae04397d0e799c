import { readFileSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { BacktestInput } from "../../evaluate/backtest-input.js";
import { writeFileAtomic } from "../../files/atomic.js";

/** Folder that backtest writes into when nothing says otherwise. */
export const USUAL_BACKTESTS = "out/backtest";
export const EPISODES_FILE = "episodes.ndjson";
/** What a run wrote, so that the next one can take it away: a folder of scores is read as a whole. */
const WRITTEN_FILE = ".backtest.json";
const written = z.array(z.string().regex(/^(?!\.)([^/\\]+\/(?!\.))?[^/\\]+\.(csv|png|ndjson)$/));

/** A file name for each input: letters, digits, `.`, `-` and `_` of its name; a number where two would be one. */
export function fileNames(inputs: readonly Pick<BacktestInput, "name">[]): string[] {
  const used = new Set<string>();
  return inputs.map(({ name }) => {
    const plain = name.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[.-]+/, "") || "series";
    let free = plain;
    for (let n = 2; used.has(free.toLowerCase()); n++) free = `${plain}~${n}`;
    used.add(free.toLowerCase());
    return free;
  });
}

/** The alerts of several detectors beside each other. */
export const ALERTS_FILE = "alerts.ndjson";

/** Removes the scores and pictures that an earlier backtest left in the folder, and nothing else. */
export function removeEarlier(folder: string): void {
  let names: readonly string[] = [];
  try {
    names = written.parse(JSON.parse(readFileSync(join(folder, WRITTEN_FILE), "utf8")));
  } catch {
    // No earlier run, or not one of ours.
  }
  for (const name of names) rmSync(join(folder, name), { force: true });
  for (const own of new Set(names.map((name) => dirname(name)))) {
    if (own !== ".") removeEmpty(join(folder, own));
  }
}

/** A folder of a detector stays where somebody keeps files of their own in it. */
function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Not empty, or not there.
  }
}

/** Remembers what is about to be written, so that even a run that is cut off can be cleared away. */
export function rememberWritten(folder: string, names: readonly string[]): void {
  writeFileAtomic(join(folder, WRITTEN_FILE), `${JSON.stringify(names)}\n`);
}
