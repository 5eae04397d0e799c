import { existsSync } from "node:fs";
import { ConfigError, UsageError } from "../../errors/errors.js";
import { didYouMean } from "../../wording/nearest.js";
import { type CommandName, envName, type OptionSpec } from "../options/spec.js";
import { ALL_OPTIONS, OPTIONS, type OptionKey, type OptionValues } from "../options/table.js";
import type { Setting } from "./file.js";

export interface Resolved {
  readonly options: OptionValues;
  /** `flag`, `environment NAME`, `anomaly.yaml:3:1` or `default`. */
  readonly origins: Readonly<Record<OptionKey, string>>;
  readonly configPath: string | undefined;
  /** What anomaly.yaml says, all of it, as it is there. */
  readonly settings: readonly Setting[];
}

type Environment = Readonly<Record<string, string | undefined>>;
type Flags = ReadonlyMap<OptionKey, readonly string[]>;

/**
 * The value of every option that the command declares, all others at their default: flag before environment before anomaly.yaml before default. Each is read by the same
 * parser, and an error says where the value stands.
 *
 * @param command whose section of anomaly.yaml counts. @param job whose settings stand before that section.
 */
export async function resolveOptions(
  flags: Flags,
  env: Environment,
  command: CommandName,
  job?: string,
): Promise<Resolved> {
  const configPath = findConfig(flags, env);
  const settings = configPath === undefined ? [] : (await import("./file.js")).readConfigFile(configPath);
  // All of the file is checked, not only what this command uses: a mistake should not wait for the nightly train.
  for (const setting of settings) readValue(OPTIONS[setting.key], givenBy(setting, OPTIONS[setting.key]));
  const options: Partial<Record<OptionKey, unknown>> = {};
  const origins: Partial<Record<OptionKey, string>> = {};
  for (const [key, spec] of ALL_OPTIONS) {
    // What a command does not declare it cannot be given: config shows all settings, so it takes all.
    const isDeclared = spec.commands.includes(command) || command === "config";
    const given = isDeclared ? candidate(key, spec, flags, env, settings, { command, job }) : undefined;
    origins[key] = given?.origin ?? "default";
    options[key] =
      given === undefined
        ? spec.repeatable && spec.default === undefined
          ? []
          : spec.default
        : readValue(spec, given);
  }
  // Every key of the table has been set above, by its own parser: that is what OptionValues says.
  return { options: options as OptionValues, origins: origins as Record<OptionKey, string>, configPath, settings };
}

interface Given {
  readonly texts: readonly string[];
  readonly origin: string;
  /** How the value is called in a message. */
  readonly name: string;
  readonly from: "flag" | "environment" | "file";
}

function candidate(
  key: OptionKey,
  spec: OptionSpec,
  flags: Flags,
  env: Environment,
  settings: readonly Setting[],
  { command, job }: { readonly command: CommandName; readonly job: string | undefined },
): Given | undefined {
  const flag = flags.get(key);
  if (flag !== undefined) return { texts: flag, origin: "flag", name: spec.flag, from: "flag" };
  const name = envName(spec);
  const value = name === null ? undefined : env[name];
  if (name !== null && value !== undefined && value !== "") {
    const texts = spec.repeatable ? value.split(/[;\n]/).map((part) => part.trim()) : [value];
    return { texts, origin: `environment ${name}`, name, from: "environment" };
  }
  // A job is nearer than a command's own section, and that than what holds for all; within one level the last line counts.
  const isJobs = (s: Setting) => job !== undefined && s.job === job && (!spec.perCommand || command === "infer");
  const found =
    settings.findLast((s) => s.key === key && isJobs(s)) ??
    settings.findLast((s) => s.key === key && s.command === command && s.job === undefined) ??
    settings.findLast((s) => s.key === key && s.command === undefined && s.job === undefined);
  return found && givenBy(found, spec);
}

function givenBy({ texts, place }: Setting, spec: OptionSpec): Given {
  return { texts, origin: place, name: `${place}: ${spec.flag.slice(2)}`, from: "file" };
}

function readValue(spec: OptionSpec, given: Given): unknown {
  const values = given.texts.map((text) => {
    const value = spec.parser.read(text);
    if (value !== undefined) return value;
    // A URL that is refused may hold a password or a key, so it is not repeated.
    const got = /:\/\/[^/]*@/.test(text)
      ? "an address with a user name in it"
      : /:\/\/.*\?/.test(text)
        ? "an address with a query in it"
        : `"${text}"`;
    const message = `${given.name} got ${got} and needs ${spec.parser.needs}${didYouMean(text, spec.parser.choices ?? [])}`;
    throw given.from === "flag" ? new UsageError("value", message) : new ConfigError("value", message);
  });
  return spec.repeatable ? values : values[values.length - 1];
}

function findConfig(flags: Flags, env: Environment): string | undefined {
  const named = flags.get("config")?.[0] ?? env["ANOMALY_CONFIG"];
  if (named !== undefined && named !== "") return named;
  return existsSync("anomaly.yaml") ? "anomaly.yaml" : undefined;
}
