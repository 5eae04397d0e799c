import { threadedStore } from "../../store/embedded/threaded-store.js";
import { openStore } from "../../store/open.js";
import { storeKind } from "../../store/place.js";
import type { Store } from "../../store/store.js";
import type { House } from "../room.js";
import type { StoreSettings } from "../settings.js";

/** @throws ConfigError, InputError or OutputError where the store cannot be used: better no start than findings that nobody keeps. */
export function openServedStore({ place, password }: StoreSettings, log: House["log"]): Promise<Store> {
  if (storeKind(place) === "embedded") {
    return threadedStore(place, (reason) =>
      log("warn", `the thread of the store ended, and is started again: ${reason}`),
    );
  }
  return openStore(place, { ...(password !== undefined && { password }), note: (sentence) => log("warn", sentence) });
}
