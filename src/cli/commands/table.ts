import { COMMAND_NAMES, type CommandName } from "../options/spec.js";
import { CHAIN } from "./chain.js";
import { READING } from "./reading.js";
import { REMEMBERED } from "./remembered.js";
import type { CommandSpec } from "./spec.js";
import { TRIAL } from "./trial.js";
import { UPKEEP } from "./upkeep.js";

/**
 * Every command: its help and its examples (a test runs each of them). `load.ts` has their code.
 * The examples work in any folder that holds data/, such as a fresh clone.
 */
export const COMMANDS: Readonly<Record<CommandName, CommandSpec>> = {
  ...CHAIN,
  ...READING,
  ...REMEMBERED,
  ...TRIAL,
  ...UPKEEP,
};

/** `command` as a name of the table, or undefined. */
export function commandName(command: string): CommandName | undefined {
  return COMMAND_NAMES.find((known) => known === command);
}
