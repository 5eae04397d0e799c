import { train } from "../train/train.js";
import type { RunCommand } from "./spec.js";

/** `anomaly train`. */
export const run: RunCommand = (context) => train(context);
