import { existsSync, readFileSync } from "node:fs";
import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from "yaml";
import { ConfigError } from "../../errors/errors.js";
import { didYouMean } from "../../wording/nearest.js";
import { COMMAND_NAMES, type CommandName, type OptionSpec, yamlKey } from "../options/spec.js";
import { ALL_OPTIONS, type OptionKey } from "../options/table.js";
import { secretVariable } from "../secrets.js";

/** One setting as it is in the file. */
export interface Setting {
  readonly key: OptionKey;
  /** Absent: it holds for every command that has the option. */
  readonly command?: CommandName;
  /** It holds for runs of this job only. */
  readonly job?: string;
  readonly texts: readonly string[];
  /** `anomaly.yaml:3:8`, for messages and `config show --origin`. */
  readonly place: string;
}

/** Name of the settings file that is looked for in the current folder. */
export const CONFIG_FILE = "anomaly.yaml";
/** The section that holds jobs, and the word that means all of them. */
export const JOBS_KEY = "jobs";
export const ALL_JOBS = "all";
/** The section about who hears of anomalies: `alerts.ts` reads it, for the commands that send messages. */
export const ALERTS_KEY = "alerts";
/** Commands that can be run for a job. */
const JOB_COMMANDS: readonly CommandName[] = ["train", "infer", "hydrate", "plot", "doctor", "serve"];
/** Names of what must not be in the file. */
export const SECRET_KEY = /(token|password|passwd|secret|api-?key|bearer)/i;

/** Reads and checks a settings file against the option table; values are parsed with the flags' own parsers later. */
export function readConfigFile(path: string): readonly Setting[] {
  if (!existsSync(path)) {
    throw new ConfigError("missing", `${path} does not exist; write it, or drop --config and ANOMALY_CONFIG`);
  }
  const lines = new LineCounter();
  const document = parseDocument(readText(path), { lineCounter: lines, prettyErrors: false });
  const at = (offset: number | undefined) => {
    const { line, col } = lines.linePos(offset ?? 0);
    return `${path}:${line}:${col}`;
  };
  const [problem] = document.errors;
  if (problem !== undefined) {
    throw new ConfigError("syntax", `${at(problem.pos[0])}: this is not YAML: ${problem.message.split("\n")[0]}`);
  }
  return topLevel(document, at);
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new ConfigError("unreadable", `cannot read ${path}; check that it is a file and may be read`, { cause });
  }
}

type Place = (offset: number | undefined) => string;
const offsetOf = (node: unknown) => (node as Node | null)?.range?.[0];

function topLevel(document: Document, at: Place): readonly Setting[] {
  const root = document.contents;
  if (root === null) return [];
  if (!isMap(root)) throw new ConfigError("shape", `${at(offsetOf(root))}: needs lines such as "model: default"`);
  return root.items.flatMap((pair) => {
    const name = String(isScalar(pair.key) ? pair.key.value : pair.key);
    if (name === JOBS_KEY) return jobs(pair.key, pair.value, at);
    if (name === ALERTS_KEY) return [];
    const command = COMMAND_NAMES.find((known) => known === name);
    // Two names are a command's and a setting's: with settings under it, it is the command.
    if (command === undefined || (["config", "store"].includes(command) && !isMap(pair.value)))
      return [setting(pair.key, pair.value, at, {})];
    if (!isMap(pair.value)) {
      throw new ConfigError(
        "shape",
        `${at(offsetOf(pair.key))}: ${name} is a command; its settings are indented under it`,
      );
    }
    return (pair.value as YAMLMap).items.map((inner) => setting(inner.key, inner.value, at, { command }));
  });
}

/** What a setting stands under; nothing: it holds for all. */
interface Scope {
  readonly command?: CommandName;
  readonly job?: string;
}

/** `jobs:` with a name and its settings indented under each. */
function jobs(keyNode: unknown, valueNode: unknown, at: Place): readonly Setting[] {
  if (!isMap(valueNode)) {
    throw new ConfigError(
      "shape",
      `${at(offsetOf(keyNode))}: ${JOBS_KEY} needs jobs under it, each a name with its settings`,
    );
  }
  return valueNode.items.flatMap((pair) => {
    const job = String(isScalar(pair.key) ? pair.key.value : pair.key);
    const place = at(offsetOf(pair.key));
    if (!/^[\w.-]+$/.test(job) || job === ALL_JOBS) {
      throw new ConfigError(
        "job",
        `${place}: "${job}" cannot be a job's name; it becomes part of file names, so letters, digits, dot, dash and underscore are taken, and ${ALL_JOBS} means all jobs`,
      );
    }
    if (!isMap(pair.value) || pair.value.items.length === 0) {
      throw new ConfigError(
        "shape",
        `${place}: the job ${job} needs settings indented under it, such as source and template`,
      );
    }
    return (pair.value as YAMLMap).items.map((inner) => setting(inner.key, inner.value, at, { job }));
  });
}

function setting(keyNode: unknown, valueNode: unknown, at: Place, scope: Scope): Setting {
  const { command, job } = scope;
  const name = String(isScalar(keyNode) ? keyNode.value : keyNode);
  const place = at(offsetOf(keyNode));
  const usable = ALL_OPTIONS.filter(([, spec]) => settable(spec, scope));
  const found = usable.find(([, spec]) => yamlKey(spec) === name);
  if (found !== undefined)
    return { key: found[0], command, job, texts: textsOf(valueNode, at(offsetOf(valueNode)), name), place };
  if (SECRET_KEY.test(name)) {
    const variable = secretVariable(name);
    throw new ConfigError(
      "secret",
      `${place}: secrets do not belong in a settings file; set ${variable} or ${variable}_FILE`,
    );
  }
  const elsewhere = ALL_OPTIONS.find(([, spec]) => yamlKey(spec) === name)?.[1];
  if (elsewhere !== undefined) {
    const owners = elsewhere.commands.map((owner) => `${owner}:`).join(", ");
    const hint =
      job !== undefined
        ? "it belongs to no job"
        : command === undefined
          ? `write it under ${owners}`
          : `it belongs to ${owners.replaceAll(":", "")}`;
    throw new ConfigError("key", `${place}: "${name}" is not valid here; ${hint}`);
  }
  const names = usable.map(([, spec]) => yamlKey(spec));
  const hint = didYouMean(
    name,
    command === undefined && job === undefined ? [...names, ...COMMAND_NAMES, JOBS_KEY, ALERTS_KEY] : names,
  );
  throw new ConfigError(
    "key",
    `${place}: "${name}" is not a setting${hint || "; see docs/reference/options.md for all"}`,
  );
}

function settable(spec: OptionSpec, { command, job }: Scope): boolean {
  if (["config", "job"].includes(yamlKey(spec))) return false;
  if (job !== undefined)
    return !["Common", "Store"].includes(spec.group) && spec.commands.some((owner) => JOB_COMMANDS.includes(owner));
  return command === undefined ? spec.perCommand === undefined : spec.commands.includes(command);
}

/** The value as the texts that the same option would get on the command line. */
function textsOf(node: unknown, place: string, name: string): readonly string[] {
  if (isScalar(node) && node.value !== null) return [String(node.source ?? node.value)];
  if (isSeq(node)) return node.items.flatMap((item) => textsOf(item, place, name));
  if (isMap(node) && name === "var") {
    return node.items.map((pair) => {
      const values = isSeq(pair.value)
        ? pair.value.items.map((item) => textsOf(item, place, name)[0])
        : textsOf(pair.value, place, name);
      return `${String(isScalar(pair.key) ? pair.key.value : pair.key)}=${values.join(",")}`;
    });
  }
  throw new ConfigError("value", `${place}: "${name}" needs one value or a list of values`);
}
