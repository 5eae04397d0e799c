import { AROUND } from "./around.js";
import { BACKTEST } from "./backtest.js";
import { DETECTION } from "./detection.js";
import { DRAWING } from "./drawing.js";
import { OUTPUT } from "./output.js";
import type { Parser } from "./parsers.js";
import { READING } from "./reading.js";
import { REPORT } from "./report.js";
import { SERVER } from "./server.js";
import { SERVING } from "./serving.js";
import { SIMULATION } from "./simulation.js";
import { type CommandName, GROUPS, type OptionSpec } from "./spec.js";
import { STORE } from "./store.js";

/** Every option of every command. */
export const OPTIONS = {
  ...READING,
  ...DETECTION,
  ...SERVER,
  ...DRAWING,
  ...REPORT,
  ...AROUND,
  ...SERVING,
  ...STORE,
  ...SIMULATION,
  ...BACKTEST,
  ...OUTPUT,
} as const;

export type OptionKey = keyof typeof OPTIONS;
type Spec<K extends OptionKey> = (typeof OPTIONS)[K];
type Parsed<K extends OptionKey> = Spec<K> extends { readonly parser: Parser<infer T> } ? T : never;

/** All options, whoever declares them: repeatable ones as lists, those without default perhaps undefined. */
export type OptionValues = {
  readonly [K in OptionKey]: Spec<K> extends { readonly repeatable: true }
    ? readonly Parsed<K>[]
    : Spec<K> extends { readonly default: unknown }
      ? Parsed<K>
      : Parsed<K> | undefined;
};

type KeyOf<Command extends CommandName> = {
  [K in OptionKey]: [Command] extends [Spec<K>["commands"][number]] ? K : never;
}[OptionKey];

/** The options that a command declares; of several commands, those that all of them declare. */
export type OptionsOf<Command extends CommandName> = Pick<OptionValues, KeyOf<Command>>;

/** The table as a list of plain specs. */
export const ALL_OPTIONS: readonly (readonly [OptionKey, OptionSpec])[] = (Object.keys(OPTIONS) as OptionKey[]).map(
  (key) => [key, OPTIONS[key] as OptionSpec],
);

/** The options that a command has, in the order of the groups. */
export function optionsOf(command: CommandName): readonly (readonly [OptionKey, OptionSpec])[] {
  return GROUPS.flatMap((group) =>
    ALL_OPTIONS.filter(([, spec]) => spec.group === group && spec.commands.includes(command)),
  );
}
