import { UsageError } from "../errors/errors.js";
import { formatDuration, parseDuration } from "../time/duration.js";

/** An option of a detector. */
export interface DetectorOption<Value = unknown> {
  readonly help: string;
  readonly default: Value;
  /** The default as people write it. */
  readonly defaultText: string;
  /** What a value must be, in words: `a number from 1 to 10`. */
  readonly needs: string;
  /** Undefined for a text that is no value. */
  readonly parse: (text: string) => Value | undefined;
}

export type OptionTable = Readonly<Record<string, DetectorOption>>;

export type OptionValues<Table extends OptionTable> = {
  readonly [Option in keyof Table]: Table[Option] extends DetectorOption<infer Value> ? Value : never;
};

/** @throws UsageError naming the option, what was given and what was needed. */
export function readOptions<Table extends OptionTable>(
  detector: string,
  table: Table,
  set: Readonly<Record<string, string>>,
): OptionValues<Table> {
  const values: Record<string, unknown> = {};
  for (const [option, { default: value }] of Object.entries(table)) values[option] = value;
  for (const [option, text] of Object.entries(set)) {
    const known = Object.hasOwn(table, option) ? table[option] : undefined;
    if (known === undefined) {
      const there = Object.keys(table).sort().join(", ");
      throw new UsageError(
        "set",
        `the detector ${detector} has no option "${option}"; ${there === "" ? "it has none" : `it has ${there}`}`,
      );
    }
    const value = known.parse(text);
    if (value === undefined) {
      throw new UsageError("set", `"${text}" is no value for ${detector}.${option}; it needs ${known.needs}`);
    }
    values[option] = value;
  }
  return values as OptionValues<Table>;
}

export function numberOption(help: string, value: number, least: number, most: number): DetectorOption<number> {
  return {
    help,
    default: value,
    defaultText: String(value),
    needs: `a number from ${least} to ${most}`,
    parse: (text) => {
      const number = text.trim() === "" ? Number.NaN : Number(text);
      return number >= least && number <= most ? number : undefined;
    },
  };
}

export function wholeOption(help: string, value: number, least: number, most: number): DetectorOption<number> {
  const number = numberOption(help, value, least, most);
  return {
    ...number,
    needs: `a whole number from ${least} to ${most}`,
    parse: (text) => {
      const read = number.parse(text);
      return read !== undefined && Number.isInteger(read) ? read : undefined;
    },
  };
}

export function durationOption(help: string, valueMs: number, leastMs: number, mostMs: number): DetectorOption<number> {
  return {
    help,
    default: valueMs,
    defaultText: formatDuration(valueMs),
    needs: `a duration from ${formatDuration(leastMs)} to ${formatDuration(mostMs)}`,
    parse: (text) => {
      const ms = durationOf(text);
      return ms >= leastMs && ms <= mostMs ? ms : undefined;
    },
  };
}

export function choiceOption<Choice extends string>(
  help: string,
  value: Choice,
  choices: readonly Choice[],
): DetectorOption<Choice> {
  return {
    help,
    default: value,
    defaultText: value,
    needs: choices.join(" or "),
    parse: (text) => choices.find((choice) => choice === text),
  };
}

/** NaN for a text that is no duration. */
function durationOf(text: string): number {
  try {
    return parseDuration(text);
  } catch {
    return Number.NaN;
  }
}
