import { show } from "../show/show.js";
import type { RunCommand } from "./spec.js";

/** `anomaly show`. */
export const run: RunCommand = (context) => show(context);
