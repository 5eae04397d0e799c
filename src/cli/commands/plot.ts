import { plot } from "../plot/plot.js";
import type { RunCommand } from "./spec.js";

/** `anomaly plot`. */
export const run: RunCommand = (context) => plot(context);
