import { simulate } from "../simulate/simulate.js";
import type { RunCommand } from "./spec.js";

/** `anomaly simulate <folder>`. */
export const run: RunCommand = (context) => simulate(context);
