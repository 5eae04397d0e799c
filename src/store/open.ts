import { storeKind } from "./place.js";
import type { Store } from "./store.js";

export interface OpenStoreOptions {
  /** Of PostgreSQL; default: what its own variables say. */
  readonly password?: string;
  /** Takes what people should know, such as that a torn line was dropped. */
  readonly note?: (sentence: string) => void;
}

/**
 * Opens the store of a place. Only what is needed is loaded: the databases cost more than a run of `infer` has to spare.
 *
 * @throws ConfigError for an address that cannot be used, InputError for a store of a newer version.
 */
export async function openStore(place: string, { password, note }: OpenStoreOptions = {}): Promise<Store> {
  switch (storeKind(place)) {
    case "postgres": {
      const { parseAddress } = await import("./postgres/address.js");
      const { postgresStore } = await import("./postgres/postgres-store.js");
      return postgresStore(parseAddress(place), password === undefined ? {} : { password });
    }
    case "embedded":
      return (await import("./embedded/embedded-store.js")).embeddedStore(place);
    case "none":
      return (await import("./in-memory-store.js")).inMemoryStore();
    case "files":
      return (await import("./files/file-store.js")).fileStore(place, note === undefined ? {} : { note });
  }
}
