import type { Parser } from "./parsers.js";

export const COMMAND_NAMES = [
  "train",
  "infer",
  "hydrate",
  "plot",
  "show",
  "explain",
  "report",
  "around",
  "alert",
  "serve",
  "rules",
  "dashboards",
  "export",
  "backtest",
  "history",
  "verdict",
  "silence",
  "event",
  "store",
  "demo",
  "simulate",
  "models",
  "detectors",
  "cache",
  "init",
  "doctor",
  "mcp",
  "config",
  "completion",
] as const;
export type CommandName = (typeof COMMAND_NAMES)[number];

/** The headings that options stand under in help and reference, in this order. */
export const GROUPS = [
  "Input",
  "Time",
  "Model",
  "Detection",
  "Missing data",
  "Server",
  "Pictures",
  "Serving",
  "Store",
  "Simulation",
  "Output",
  "Common",
] as const;
export type Group = (typeof GROUPS)[number];

/**
 * All there is to know about one option, in one place: the command line, the grouped help, the reference page, the
 * shell completion and the check of anomaly.yaml are made from it.
 */
export interface OptionSpec<T = unknown> {
  /** With its dashes: `--models-dir`. Without them it is the key in anomaly.yaml. */
  readonly flag: string;
  readonly short?: string;
  /** The name of the value, `<folder>`; absent for a switch. */
  readonly argument?: string;
  readonly group: Group;
  readonly help: string;
  readonly commands: readonly CommandName[];
  readonly parser: Parser<T>;
  readonly default?: T;
  /** The default in words, where the value itself would not say. */
  readonly defaultText?: string;
  /** What a command's own help says instead, where the option means something narrower there. */
  readonly byCommand?: Partial<Record<CommandName, Partial<Pick<OptionSpec, "help" | "defaultText">>>>;
  /** May be given several times; the value is then the list of all. */
  readonly repeatable?: true;
  /** Name in the environment; absent: `ANOMALY_` and the flag. Null: it cannot be set there. */
  readonly env?: string | null;
  /** Key in anomaly.yaml where two options share a flag. */
  readonly key?: string;
  /** Only means something for one run or one command: in anomaly.yaml it stands under the command's name. */
  readonly perCommand?: true;
}

/** Key in anomaly.yaml: the flag without its dashes. */
export function yamlKey(spec: OptionSpec): string {
  return spec.key ?? spec.flag.slice(2);
}

/** Name in the environment, or null where there is none. */
export function envName(spec: OptionSpec): string | null {
  return spec.env === undefined ? `ANOMALY_${yamlKey(spec).toUpperCase().replaceAll("-", "_")}` : spec.env;
}
