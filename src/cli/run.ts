import { EXIT, type ExitCode, UsageError } from "../errors/errors.js";
import { toolVersion } from "../files/tool-version.js";
import { didYouMean } from "../wording/nearest.js";
import { LOADERS } from "./commands/load.js";
import { commandName } from "./commands/table.js";
import { COMMAND_NAMES, type CommandName } from "./options/spec.js";
import { ALL_OPTIONS } from "./options/table.js";
import { refuseSecrets } from "./secrets.js";
import type { Streams } from "./streams.js";

/** Everything but `--version`: finds the command, answers help, resolves the options, runs. */
export async function run(argv: readonly string[], streams: Streams): Promise<ExitCode> {
  const { name, args } = splitCommand(argv);
  const wantsHelp = name === "help" || args.some((arg) => arg === "--help" || arg === "-h");
  if (wantsHelp || name === undefined) return showHelp(name === "help" ? args[0] : name, wantsHelp, args, streams);
  if (args.includes("--version") || args.includes("-V")) {
    await streams.out(`anomaly ${toolVersion()}\n`);
    return EXIT.ok;
  }
  refuseSecrets(argv);
  const command = knownCommand(name);
  // The command's own code is read while its arguments are: loading is most of a short run, and half of that is waiting.
  const loading = LOADERS[command]();
  loading.catch(() => {});
  const { runCommand } = await import("./run-command.js");
  return runCommand(command, args, streams, loading);
}

/**
 * The command is the first word that is neither an option nor an option's value, so that `anomaly --quiet infer` and
 * `anomaly infer --quiet` mean the same.
 */
function splitCommand(argv: readonly string[]): {
  readonly name: string | undefined;
  readonly args: readonly string[];
} {
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i];
    if (!argument.startsWith("-") || argument === "-") {
      return { name: argument, args: [...argv.slice(0, i), ...argv.slice(i + 1)] };
    }
    const spec = ALL_OPTIONS.find(([, known]) => known.flag === argument || known.short === argument)?.[1];
    if (spec?.argument !== undefined) i++;
  }
  return { name: undefined, args: argv };
}

function knownCommand(name: string): CommandName {
  const command = commandName(name);
  if (command !== undefined) return command;
  const hint = didYouMean(name, [...COMMAND_NAMES, "help"]);
  throw new UsageError("command", `anomaly has no command "${name}"${hint || `; it has ${COMMAND_NAMES.join(", ")}`}`);
}

async function showHelp(
  about: string | undefined,
  asked: boolean,
  args: readonly string[],
  streams: Streams,
): Promise<ExitCode> {
  const [{ programHelp, commandHelp }, { paintFor }] = await Promise.all([import("./help.js"), import("./log.js")]);
  if (about !== undefined && !about.startsWith("-")) {
    await streams.out(commandHelp(knownCommand(about), await paintFor(streams, streams.stdoutKind === "terminal")));
    return EXIT.ok;
  }
  const option = args.find((arg) => arg.startsWith("-"));
  if (!asked && option !== undefined) {
    refuseSecrets(args);
    const flags = ALL_OPTIONS.map(([, spec]) => spec.flag);
    const hint = flags.some((flag) => flag === option.split("=")[0])
      ? "; a command comes first, see anomaly --help"
      : didYouMean(option, [...flags, "--help", "--version"]) || "; see anomaly --help";
    throw new UsageError("option", `anomaly does not take ${option} without a command${hint}`);
  }
  const toStdout = asked || argvIsEmptyOnTerminal(args, streams);
  const paint = await paintFor(streams, toStdout ? streams.stdoutKind === "terminal" : streams.stderrIsTerminal);
  const text = programHelp(toolVersion(), paint);
  if (!toStdout) {
    streams.err(text);
    return EXIT.usage;
  }
  await streams.out(text);
  return asked ? EXIT.ok : EXIT.usage;
}

/** A person who types `anomaly` alone wants the help; a script that does so has lost its arguments. */
function argvIsEmptyOnTerminal(args: readonly string[], streams: Streams): boolean {
  return args.length === 0 && streams.stdoutKind === "terminal";
}
