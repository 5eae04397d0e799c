import { hydrate } from "../hydrate/hydrate.js";
import type { RunCommand } from "./spec.js";

/** `anomaly hydrate`. */
export const run: RunCommand = (context) => hydrate(context);
