import { explain } from "../show/explain.js";
import type { RunCommand } from "./spec.js";

/** `anomaly explain`. */
export const run: RunCommand = (context) => explain(context);
