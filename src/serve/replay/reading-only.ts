import { AnomalyError } from "../../errors/errors.js";
import type { Store } from "../../store/store.js";

/** What earlier runs have learned of step and threshold, and nothing that a look at the past may change. */
export function readingOnly({ readMemory }: Store): Store {
  const never = () => {
    throw new AnomalyError("replay", 1, "a replay writes nothing");
  };
  return { readMemory, writeMemory: never, openCheckpoints: never, writeStatuses: never };
}
