import { existsSync } from "node:fs";
import { join } from "node:path";
import { secretFrom } from "../runs/source/server-credentials.js";
import { readSecret } from "../sources/credentials.js";
import { openStore } from "../store/open.js";
import { STORE_FILE, storeKind } from "../store/place.js";
import type { Store } from "../store/store.js";
import type { WholeContext } from "./commands/spec.js";

/** Where `serve` keeps what outlives a run; where it does, single commands use the same. */
export const SERVED_STORE = "out/store.db";
const USUAL_STORE = "out/store";

/** Whether a store of single commands has anything in it yet; of a server nobody knows before asking. */
export function isStoreThere(context: Pick<StoreContext, "options">): boolean {
  const place = storePlaceOf(context);
  const kind = storeKind(place);
  return kind === "postgres" || existsSync(kind === "files" ? join(place, STORE_FILE) : place);
}

type StoreContext = Pick<WholeContext, "streams" | "log"> & {
  readonly options: { readonly store: string | undefined };
};

export function storePlaceOf({ options }: Pick<StoreContext, "options">): string {
  return options.store ?? (existsSync(SERVED_STORE) ? SERVED_STORE : USUAL_STORE);
}

/** Does some work with the store that a command uses, and closes it. @throws what `openStore` throws. */
export async function withStore<R>(context: StoreContext, work: (store: Store) => Promise<R>): Promise<R> {
  const password = secretFrom("storePassword", context.streams.env);
  const store = await openStore(storePlaceOf(context), {
    ...(password !== undefined && { password: readSecret(password) }),
    note: (sentence) => context.log.warn(sentence),
  });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
