import { backtest } from "../backtest/backtest.js";
import type { RunCommand } from "./spec.js";

/** `anomaly backtest <files…>`. */
export const run: RunCommand = (context) => backtest(context);
