import { openStore } from "../../store/open.js";
import type { Store } from "../../store/store.js";
import type { House } from "../room.js";
import type { StoreSettings } from "../settings.js";

/** @throws ConfigError, InputError or OutputError where the store cannot be used: better no start than findings that nobody keeps. */
export function openServedStore({ place, password }: StoreSettings, log: House["log"]): Promise<Store> {
  return openStore(place, { ...(password !== undefined && { password }), note: (sentence) => log("warn", sentence) });
}
