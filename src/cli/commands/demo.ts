import { demo } from "../demo/demo.js";
import type { RunCommand } from "./spec.js";

/** `anomaly demo`. */
export const run: RunCommand = (context) => demo(context);
