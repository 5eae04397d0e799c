import type { Paint } from "../wording/paint.js";
import { COMMANDS } from "./commands/table.js";
import { COMMAND_NAMES, type CommandName, envName, GROUPS, type OptionSpec } from "./options/spec.js";
import { ALL_OPTIONS, optionsOf } from "./options/table.js";
import { SECRET_VARIABLES } from "./secrets.js";

/** Help is wrapped for the narrowest terminal that people still use. */
const WIDTH = 100;

/** `anomaly --help`. */
export function programHelp(version: string, paint: Pick<Paint, "bold">): string {
  const commands = COMMAND_NAMES.map((name) => [name, COMMANDS[name].summary] as const);
  return [
    `anomaly ${version} - find the misbehaving ones among thousands of metrics`,
    "",
    paint.bold("Usage"),
    "  anomaly <command> [options]",
    "",
    paint.bold("Commands"),
    ...rows(commands),
    "",
    paint.bold("Common"),
    ...rows([
      ...ALL_OPTIONS.flatMap(([, spec]) => (spec.group === "Common" ? [optionRow(spec)] : [])),
      ["-h, --help", "help; anomaly <command> --help shows a command's options and examples"],
      ["-V, --version", "the version"],
    ]),
    "",
    paint.bold("Examples"),
    "  # the whole chain on a simulated fleet, no network needed",
    "  anomaly demo --machines 4 --days 30 --incidents 1",
    "",
    "  # train on months of CSV, infer over the last day of the data, draw what was found",
    "  anomaly train data/fleet/history",
    "  anomaly infer data/fleet | anomaly hydrate --data data/fleet | anomaly plot",
    "",
    paint.bold("Exit status"),
    ...rows([
      ["0", "it ran"],
      ["1", "something failed; everything that succeeded is written"],
      ["2", "wrong usage or configuration"],
      ["3", "anomalies were found, with --fail-on anomaly"],
      ["75", "another run holds the lock"],
      ["130", "interrupted by Ctrl-C; no half-written file is left"],
      ["143", "interrupted by SIGTERM, likewise"],
    ]),
    "",
  ].join("\n");
}

/** `anomaly <command> --help`. */
export function commandHelp(command: CommandName, paint: Pick<Paint, "bold">): string {
  const spec = COMMANDS[command];
  const groups = GROUPS.flatMap((group) => {
    const options = optionsOf(command).flatMap(([, option]) =>
      option.group === group ? [{ ...option, ...option.byCommand?.[command] }] : [],
    );
    return options.length === 0 ? [] : ["", paint.bold(group), ...rows(options.map(optionRow))];
  });
  // `report` has --grafana-url for its links, but asks nobody and needs no secret.
  const usesServers = optionsOf(command).some(([key]) => key === "timeout");
  const variables = usesServers ? SECRET_VARIABLES.map(({ env, help }) => [env, help] as const) : [];
  return [
    `anomaly ${command} - ${spec.summary}`,
    "",
    paint.bold("Usage"),
    `  anomaly ${command}${spec.usage === "" ? "" : ` ${spec.usage}`} [options]`,
    "",
    ...spec.about,
    ...groups,
    ...(variables.length === 0 ? [] : ["", paint.bold("Environment"), ...rows(variables)]),
    "",
    paint.bold("Examples"),
    ...spec.examples.flatMap(({ about, line, needs }, index) => [
      ...(index === 0 ? [] : [""]),
      `  # ${about}${needs === undefined ? "" : ` (needs ${needs.toUpperCase()}_URL)`}`,
      `  ${line}`,
    ]),
    "",
  ].join("\n");
}

/** `-o, --output <path>` */
export function optionUsage(spec: OptionSpec): string {
  const short = spec.short === undefined ? "" : `${spec.short}, `;
  return `${short}${spec.flag}${spec.argument === undefined ? "" : ` ${spec.argument}`}`;
}

/** `(default 0.05; repeatable)` after the help text, or nothing. */
export function optionNotes(spec: OptionSpec): string {
  const fallback = spec.defaultText ?? (spec.argument === undefined ? undefined : spec.default);
  const notes = [
    ...(fallback === undefined ? [] : [`default: ${fallback}`]),
    ...(spec.repeatable ? ["repeatable"] : []),
    ...(envName(spec)?.startsWith("ANOMALY_") === false ? [`env: ${envName(spec)}`] : []),
  ];
  return notes.length === 0 ? "" : ` (${notes.join("; ")})`;
}

function optionRow(spec: OptionSpec): readonly [string, string] {
  return [optionUsage(spec), `${spec.help}${optionNotes(spec)}`];
}

/** Two columns; long right-hand texts continue under themselves. */
function rows(pairs: readonly (readonly [string, string])[]): readonly string[] {
  const left = 2 + Math.max(16, Math.min(34, ...[Math.max(...pairs.map(([name]) => name.length))])) + 2;
  return pairs.flatMap(([name, help]) => {
    const lines = wrap(help, WIDTH - left);
    const head = `  ${name}`;
    const first = head.length + 2 > left ? [head] : [];
    return [...first, ...lines.map((line, i) => (i === 0 && first.length === 0 ? head : "").padEnd(left) + line)];
  });
}

/** Breaks at spaces so that no line is wider than `width`, except for a word that is. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1];
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
