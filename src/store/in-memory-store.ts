import { oneAtATime } from "./one-at-a-time.js";
import { applyWritten, bytesOf, emptyMaps, overMaps, readMaps } from "./row-maps.js";
import type { Store } from "./store.js";

/** A store that ends with the process: for tests, and for runs that must leave nothing. */
export function inMemoryStore(): Store {
  const maps = emptyMaps();
  const inTurn = oneAtATime();
  return {
    ...readMaps(maps),
    transaction: (work) =>
      inTurn(async () => {
        const { transaction, written } = overMaps(maps);
        const result = await work(transaction);
        applyWritten(maps, written());
        return result;
      }),
    check: async () => [],
    vacuum: async () => undefined,
    sizeBytes: async () => bytesOf(maps),
    place: "memory",
    close: async () => undefined,
  };
}
