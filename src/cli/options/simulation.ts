import { duration, flag, integer } from "./parsers.js";
import type { OptionSpec } from "./spec.js";

/** The simulated fleet. */
export const SIMULATION = {
  machines: {
    flag: "--machines",
    argument: "<n>",
    group: "Simulation",
    help: "machines in the fleet, with six aggregators each",
    commands: ["simulate", "demo"],
    parser: integer("a whole number from 1 to 2000", 1, 2000),
    default: 20,
  },
  days: {
    flag: "--days",
    argument: "<n>",
    group: "Simulation",
    help: "days of history before the live days",
    commands: ["simulate", "demo"],
    parser: integer("a whole number from 8 to 400", 8, 400),
    default: 60,
  },
  liveDays: {
    flag: "--live-days",
    argument: "<n>",
    group: "Simulation",
    help: "days with labelled incidents that follow the history",
    commands: ["simulate", "demo"],
    parser: integer("a whole number from 1 to 60", 1, 60),
    default: 4,
  },
  fleetStep: {
    flag: "--fleet-step",
    argument: "<duration>",
    group: "Simulation",
    help: "step of the simulated series",
    commands: ["simulate", "demo"],
    parser: duration,
    default: 1_200_000,
    defaultText: "20m",
  },
  incidents: {
    flag: "--incidents",
    argument: "<n>",
    group: "Simulation",
    help: "labelled incidents of each of the six kinds",
    commands: ["simulate", "demo"],
    parser: integer("a whole number from 0 to 1000", 0, 1000),
    default: 3,
  },
  monthly: {
    flag: "--monthly",
    group: "Simulation",
    help: "one history file per month",
    commands: ["simulate"],
    parser: flag,
    default: false,
  },
} as const satisfies Readonly<Record<string, OptionSpec>>;
