import { report } from "../report/report.js";
import type { RunCommand } from "./spec.js";

/** `anomaly report`. */
export const run: RunCommand = (context) => report(context);
