import { choice, flag, number } from "./parsers.js";
import type { OptionSpec } from "./spec.js";

/** The 24 hours around a record, and how they are drawn. */
export const DRAWING = {
  window: {
    flag: "--window",
    argument: "<mode>",
    group: "Time",
    help: "the 24 hours: 12 before and 12 after (centred), or the 24 up to the anomaly (trailing)",
    commands: ["hydrate", "plot"],
    parser: choice("centred", "trailing"),
    default: "centred",
  },
  noBand: {
    flag: "--no-band",
    group: "Output",
    help: "leave out the expected band of the window, which needs the model and its history",
    commands: ["hydrate", "plot"],
    parser: flag,
    default: false,
  },
  pictureFormat: {
    flag: "--format",
    argument: "<kind>",
    group: "Pictures",
    help: "what a picture is written as",
    commands: ["plot"],
    parser: choice("png", "svg", "html"),
    default: "png",
    key: "picture-format",
  },
  theme: {
    flag: "--theme",
    argument: "<name>",
    group: "Pictures",
    help: "light or dark",
    commands: ["plot", "backtest"],
    parser: choice("light", "dark"),
    default: "light",
  },
  scale: {
    flag: "--scale",
    argument: "<factor>",
    group: "Pictures",
    help: "pixels of a PNG for each unit of its drawing: 1 gives 1200 × 600, 2 twice that for sharp screens",
    commands: ["plot", "backtest"],
    parser: number("a number from 0.5 to 4", 0.5, 4),
    default: 1,
  },
  noOverview: {
    flag: "--no-overview",
    group: "Pictures",
    help: "only one picture a record",
    commands: ["plot"],
    parser: flag,
    default: false,
  },
  overviewOnly: {
    flag: "--overview-only",
    group: "Pictures",
    help: "only the picture of all records",
    commands: ["plot"],
    parser: flag,
    default: false,
  },
} as const satisfies Readonly<Record<string, OptionSpec>>;
