import type { ExitCode } from "../../errors/errors.js";
import type { Setting } from "../config/file.js";
import type { Log } from "../log.js";
import type { CommandName } from "../options/spec.js";
import type { OptionKey, OptionsOf, OptionValues } from "../options/table.js";
import type { Streams } from "../streams.js";

/** A server that an example cannot do without; the test that runs examples starts it or says what it skipped. */
export type ExampleServer = "graphite" | "grafana" | "prometheus";

export interface Example {
  /** What it does, in a few words. */
  readonly about: string;
  /** A line for a shell in a folder that holds data/. */
  readonly line: string;
  readonly needs?: ExampleServer;
}

/** What a command is given once its arguments are understood. */
interface Context<Options> {
  readonly options: Options;
  /** Where each value comes from: `flag`, `environment NAME`, `anomaly.yaml:3` or `default`. */
  readonly origins: Readonly<Record<OptionKey, string>>;
  readonly positionals: readonly string[];
  readonly streams: Streams;
  readonly log: Log;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  /** Path of the settings file in use, if there is one, and what it says. */
  readonly configPath: string | undefined;
  readonly settings: readonly Setting[];
  /** The job of anomaly.yaml that the command runs; undefined without one. */
  readonly job?: string;
}

/** The context of a command, which has the options that it declares and no others; of several, what they have in common. */
export type CommandContext<Command extends CommandName> = Context<OptionsOf<Command>>;
/** The context of what runs or shows other commands: all options, those that are not declared at their defaults. */
export type WholeContext = Context<OptionValues>;

export type RunCommand<Command extends CommandName> = (context: CommandContext<Command>) => Promise<ExitCode>;
export type RunAnyCommand = (context: WholeContext) => Promise<ExitCode>;

export interface CommandSpec {
  readonly summary: string;
  /** What follows the command's name: `[files...]`. */
  readonly usage: string;
  /** Fewest and most arguments that are not options. */
  readonly positionals: readonly [fewest: number, most: number];
  /** Words that the first argument must be one of. */
  readonly words?: readonly string[];
  /** Paragraphs between the usage and the options. */
  readonly about: readonly string[];
  readonly examples: readonly Example[];
}
