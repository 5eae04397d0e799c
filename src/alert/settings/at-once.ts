import type { AlertSettings } from "./settings.js";

/** The settings where nothing more comes before the next call: what was found together is there together. */
export function atOnce(settings: AlertSettings): AlertSettings {
  return { ...settings, routes: settings.routes.map((route) => ({ ...route, groupWaitMs: 0 })) };
}
