import { randomBytes } from "node:crypto";
import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { outputError } from "../files/atomic.js";
import { fleetFiles, type LayoutOptions, TRUTH_FILE } from "./fleet-files.js";
import type { FleetPlan } from "./fleet-plan.js";

export interface FleetWritten {
  readonly files: readonly string[];
  readonly series: number;
  readonly historySlots: number;
  readonly liveSlots: number;
  readonly incidents: number;
  readonly bytes: number;
}

export interface WriteFleetOptions extends LayoutOptions {
  /** Called after each finished file. */
  readonly onProgress?: (done: { readonly files: number; readonly path: string }) => void;
}

/** A file that is being written under a temporary name. */
interface Draft {
  readonly path: string;
  readonly temporary: string;
  readonly handle: FileHandle;
}

/**
 * Writes a fleet to a folder: `history/<aggregator>.csv`, `live/<aggregator>.csv` and `truth.json`.
 *
 * The values are generated while they are written, so that memory does not grow with the fleet. Every file has a
 * temporary name until it is complete; a failure leaves no part of a file behind.
 *
 * @throws OutputError naming the file that could not be written.
 * @example await writeFleet(planFleet(DEFAULT_FLEET), "data/fleet")
 */
export async function writeFleet(
  plan: FleetPlan,
  folder: string,
  options: WriteFleetOptions = {},
): Promise<FleetWritten> {
  const files: string[] = [];
  let bytes = 0;
  let draft: Draft | undefined;
  let current = folder;
  try {
    // The old truth goes first: a run that is cut short must not leave new values under old labels.
    await rm(join(folder, TRUTH_FILE), { force: true });
    for (const piece of fleetFiles(plan, options)) {
      const path = join(folder, piece.path);
      current = path;
      if (draft?.path !== path) {
        if (draft !== undefined) await finish(draft);
        draft = await begin(path);
      }
      bytes += Buffer.byteLength(piece.text);
      await draft.handle.writeFile(piece.text);
    }
    if (draft !== undefined) await finish(draft);
    draft = undefined;
  } catch (cause) {
    if (draft !== undefined) {
      // The handle may be closed already: the first failure is the one to report.
      await draft.handle.close().catch(() => undefined);
      await rm(draft.temporary, { force: true });
    }
    throw outputError(current, cause);
  }
  return {
    files,
    series: plan.machines.length * plan.aggregators.length,
    historySlots: plan.historySlots,
    liveSlots: plan.liveSlots,
    incidents: plan.incidents.length,
    bytes,
  };

  async function finish(done: Draft): Promise<void> {
    current = done.path;
    await done.handle.sync();
    await done.handle.close();
    await rename(done.temporary, done.path);
    files.push(done.path);
    options.onProgress?.({ files: files.length, path: done.path });
  }
}

async function begin(path: string): Promise<Draft> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `.${basename(path)}.${process.pid}.${randomBytes(4).toString("hex")}.tmp`);
  return { path, temporary, handle: await open(temporary, "wx", 0o644) };
}
