import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomic } from "../../files/atomic.js";
import { toolVersion } from "../../files/tool-version.js";
import type { DrawLook } from "../../plot/draw-job.js";
import type { HydratedRecord } from "../../records/record.js";

/** Beside the pictures, hidden: what each of them was drawn from. */
const FILE = ".drawn.json";

/** What was drawn into a folder, so that a run every five minutes draws only what is new or has changed. */
export interface DrawnBefore {
  readonly isDrawn: (name: string, records: readonly HydratedRecord[]) => boolean;
  readonly note: (name: string, records: readonly HydratedRecord[]) => void;
  /** Writes down all that was noted; what has gone from the folder is forgotten. */
  readonly save: () => void;
}

/** @param redraw pretends that nothing was drawn. */
export function drawnBefore(folder: string, look: DrawLook, redraw: boolean): DrawnBefore {
  const known = new Map(redraw ? [] : readKnown(join(folder, FILE)));
  let changed = false;
  const keyOf = (records: readonly HydratedRecord[]) =>
    createHash("sha256")
      .update(JSON.stringify([toolVersion(), look, records]))
      .digest("base64url")
      .slice(0, 22);
  return {
    isDrawn: (name, records) => known.get(name) === keyOf(records) && existsSync(join(folder, name)),
    note: (name, records) => {
      known.set(name, keyOf(records));
      changed = true;
    },
    save: () => {
      if (!changed) return;
      const there = [...known].filter(([name]) => existsSync(join(folder, name)));
      writeFileAtomic(join(folder, FILE), `${JSON.stringify(Object.fromEntries(there))}\n`);
    },
  };
}

/** A file that is missing, damaged or somebody else's only means that everything is drawn again. */
function readKnown(path: string): [string, string][] {
  try {
    const json: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (typeof json !== "object" || json === null) return [];
    return Object.entries(json).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  } catch {
    return [];
  }
}
