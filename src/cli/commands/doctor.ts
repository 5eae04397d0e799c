import { doctor } from "../doctor/doctor.js";
import type { RunCommand } from "./spec.js";

/** `anomaly doctor`. */
export const run: RunCommand = (context) => doctor(context);
