import { hasSecret, IDENTITIES, SECRETS, type SecretKey } from "../../runs/source/secrets.js";
import { type NamedQuery, writtenQuery } from "../../sources/promql/named-query.js";
import type { VariableValues } from "../../sources/variable-values.js";
import { formatDuration } from "../../time/duration.js";
import { duration, type SpanText } from "../options/parsers.js";
import { envName, yamlKey } from "../options/spec.js";
import { ALL_OPTIONS, OPTIONS, type OptionKey, type OptionValues } from "../options/table.js";
import type { Setting } from "./file.js";

export interface ShownSetting {
  readonly name: string;
  /** As it would be written; null where nothing is set and there is no fixed default. */
  readonly value: string | null;
  readonly origin: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Every standing setting, what anomaly.yaml says for single commands, then the secrets, of which only `(set)` is shown. */
export function shownSettings(
  options: OptionValues,
  origins: Readonly<Record<OptionKey, string>>,
  env: Environment,
  settings: readonly Setting[],
): readonly ShownSetting[] {
  const standing = ALL_OPTIONS.flatMap(([key, spec]) => {
    // What only means something for one run has no standing value to show, except where the environment can set it.
    if (key === "config" || (spec.perCommand && envName(spec) === null)) return [];
    return [{ name: yamlKey(spec), value: shown(options[key], spec.parser === duration), origin: origins[key] }];
  });
  const sections = settings.flatMap(({ command, job, key, texts, place }) => {
    const section = job === undefined ? command : `jobs ${job}`;
    if (section === undefined || section === "config") return [];
    return [{ name: `${section}: ${yamlKey(OPTIONS[key])}`, value: texts.join(", "), origin: place }];
  });
  const identities = Object.values(IDENTITIES).map(({ env: name }) => ({
    name,
    value: env[name] || null,
    origin: env[name] ? `environment ${name}` : "default",
  }));
  const secrets = (Object.keys(SECRETS) as SecretKey[]).map((key) => {
    const { env: name } = SECRETS[key];
    const source = env[name] ? name : `${name}_FILE`;
    return hasSecret(key, env)
      ? { name, value: "(set)", origin: `environment ${source}` }
      : { name, value: null, origin: "default" };
  });
  return [...standing, ...sections, ...identities, ...secrets];
}

function shown(value: OptionValues[OptionKey], isDuration: boolean): string | null {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return null;
  if (typeof value === "number" && isDuration) return formatDuration(value);
  if (typeof value !== "object") return String(value);
  return value.map((part) => (typeof part === "string" ? part : compound(part))).join(", ");
}

function compound(part: VariableValues | SpanText | NamedQuery): string {
  if ("expression" in part) return writtenQuery(part);
  return "from" in part ? `${part.from}/${part.until}` : `${part.name}=${part.values.join(",")}`;
}
