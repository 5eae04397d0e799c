import { HOUR_MS } from "../../time/duration.js";
import { duration, flag, integer, number } from "./parsers.js";
import type { OptionSpec } from "./spec.js";

/** Options of `anomaly around`, and of `anomaly mcp`, which asks it. */
export const AROUND = {
  aroundWindow: {
    flag: "--window",
    argument: "<duration>",
    group: "Time",
    help: "how long before and after the time is looked at",
    commands: ["around"],
    parser: duration,
    default: HOUR_MS,
    defaultText: "1h",
    key: "around-window",
  },
  referenceDays: {
    flag: "--reference-days",
    argument: "<n>",
    group: "Time",
    help: "earlier days whose same hours say what is usual",
    commands: ["around"],
    parser: integer("a whole number from 3 to 60", 3, 60),
    default: 7,
  },
  falseShare: {
    flag: "--false-share",
    argument: "<share>",
    group: "Detection",
    help: "share of the list that may be there by chance",
    commands: ["around"],
    parser: number("a share from 0.001 to 0.5, such as 0.05", 0.001, 0.5),
    default: 0.05,
  },
  allowWrite: {
    flag: "--allow-write",
    group: "Common",
    help: "also offer the tools that add verdicts and silences",
    commands: ["mcp"],
    parser: flag,
    default: false,
    perCommand: true,
  },
} as const satisfies Readonly<Record<string, OptionSpec>>;
