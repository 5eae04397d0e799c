import { infer } from "../infer/infer.js";
import type { RunCommand } from "./spec.js";

/** `anomaly infer`. */
export const run: RunCommand = (context) => infer(context);
