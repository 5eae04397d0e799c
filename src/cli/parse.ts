import { createRequire } from "node:module";
import type * as Commander from "commander";
import { UsageError } from "../errors/errors.js";
import { didYouMean } from "../wording/nearest.js";
import type { CommandName, OptionSpec } from "./options/spec.js";
import { ALL_OPTIONS, type OptionKey, optionsOf } from "./options/table.js";

// Commander is CommonJS: required it is there 3 ms sooner than imported, a twentieth of what starting Node takes.
const { Command, CommanderError, Option } = createRequire(import.meta.url)("commander") as typeof Commander;

export interface ParsedArguments {
  /** Texts as given, in order; a switch that is present is `["true"]`. */
  readonly flags: ReadonlyMap<OptionKey, readonly string[]>;
  readonly positionals: readonly string[];
}

function commanderOption(spec: OptionSpec): Commander.Option {
  const names = spec.short === undefined ? spec.flag : `${spec.short}, ${spec.flag}`;
  const option = new Option(spec.argument === undefined ? names : `${names} ${spec.argument}`);
  if (spec.argument === undefined) return option;
  return option.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
}

/**
 * Splits a command's arguments into options and the rest; values are not looked at yet.
 *
 * @throws UsageError naming the nearest option, or the commands that have the one that was meant.
 */
export function parseArguments(command: CommandName, args: readonly string[]): ParsedArguments {
  const known = optionsOf(command);
  const program = new Command(command)
    .exitOverride()
    .helpOption(false)
    .allowExcessArguments(true)
    .configureOutput({ writeErr: () => {}, writeOut: () => {} });
  const options = known.map(([key, spec]) => ({ key, spec, option: commanderOption(spec) }));
  for (const { option } of options) program.addOption(option);
  try {
    program.parse([...args], { from: "user" });
  } catch (thrown) {
    if (thrown instanceof CommanderError) throw usageError(command, thrown);
    throw thrown;
  }
  const flags = new Map<OptionKey, readonly string[]>();
  for (const { key, spec, option } of options) {
    if (program.getOptionValueSource(option.attributeName()) !== "cli") continue;
    const texts: readonly string[] =
      spec.argument === undefined ? ["true"] : program.getOptionValue(option.attributeName());
    // Given twice, the last one counts, as everywhere: an alias's value can be overridden at the end of the line.
    flags.set(key, spec.repeatable ? texts : texts.slice(-1));
  }
  return { flags, positionals: program.args };
}

function usageError(command: CommandName, error: Commander.CommanderError): UsageError {
  const quoted = /'([^']*)'/.exec(error.message)?.[1] ?? "";
  const option = quoted.split(/[\s,=]/)[0];
  const help = `see anomaly ${command} --help`;
  if (error.code === "commander.optionMissingArgument") {
    const spec = optionsOf(command).find(([, known]) => known.flag === option || known.short === option)?.[1];
    const flag = spec?.flag ?? option;
    return new UsageError("option_value", `${flag} needs a value: ${spec?.parser.needs ?? "see the help"}; ${help}`);
  }
  if (error.code === "commander.unknownOption") {
    const elsewhere = ALL_OPTIONS.find(([, spec]) => spec.flag === option)?.[1];
    if (elsewhere !== undefined) {
      const owners = elsewhere.commands.join(", ");
      return new UsageError("option", `${option} is an option of ${owners}, not of ${command}; ${help}`);
    }
    const flags = [...optionsOf(command).map(([, spec]) => spec.flag), "--help", "--version"];
    const hint = didYouMean(option, flags);
    return new UsageError("option", `anomaly ${command} has no option ${option}${hint === "" ? `; ${help}` : hint}`);
  }
  return new UsageError("arguments", `${error.message.replace(/^error: /, "")}; ${help}`);
}
