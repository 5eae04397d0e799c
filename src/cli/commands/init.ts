import { init } from "../init/init.js";
import type { RunCommand } from "./spec.js";

/** `anomaly init`. */
export const run: RunCommand = (context) => init(context);
