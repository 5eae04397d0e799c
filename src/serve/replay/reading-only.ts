import { AnomalyError } from "../../errors/errors.js";
import type { RunStore } from "../../store/run/run-store.js";

/** What earlier runs have learned of step and threshold, and nothing that a look at the past may change. */
export function readingOnly({ readMemory }: RunStore): RunStore {
  const never = () => {
    throw new AnomalyError("replay", 1, "a replay writes nothing");
  };
  return { readMemory, writeMemory: never, openCheckpoints: never, writeStatuses: never };
}
