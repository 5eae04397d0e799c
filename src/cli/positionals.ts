import { UsageError } from "../errors/errors.js";
import { didYouMean } from "../wording/nearest.js";
import type { CommandSpec } from "./commands/spec.js";
import type { CommandName } from "./options/spec.js";

/** Checks the count of arguments, and a command's first word where it has a fixed set of them. */
export function checkPositionals(command: CommandName, spec: CommandSpec, positionals: readonly string[]): void {
  const [fewest, most] = spec.positionals;
  const usage = `usage: anomaly ${command} ${spec.usage}`.trimEnd();
  if (positionals.length < fewest) throw new UsageError("arguments", `${command} needs an argument; ${usage}`);
  if (positionals.length > most) {
    throw new UsageError("arguments", `${command} cannot do anything with "${positionals[most]}"; ${usage}`);
  }
  const [word] = positionals;
  if (spec.words !== undefined && word !== undefined && !spec.words.includes(word)) {
    throw new UsageError("arguments", `${command} has no "${word}"${didYouMean(word, spec.words) || `; ${usage}`}`);
  }
}
