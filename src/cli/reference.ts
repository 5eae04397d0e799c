import { COMMANDS } from "./commands/table.js";
import { optionNotes, optionUsage } from "./help.js";
import { COMMAND_NAMES, type CommandName, envName, GROUPS, type OptionSpec, yamlKey } from "./options/spec.js";
import { ALL_OPTIONS } from "./options/table.js";
import { SECRET_VARIABLES } from "./secrets.js";

const MADE = "<!-- Generated from the tables of options and commands; `npm run golden` updates it. -->";

/** Inside a table's cell a bar would end the cell. */
const cell = (text: string) => text.replaceAll("|", "\\|");

/** docs/reference/options.md: every option, its name in the environment and in anomaly.yaml. */
export function optionsPage(): string {
  const groups = GROUPS.flatMap((group) => {
    const options = ALL_OPTIONS.filter(([, spec]) => spec.group === group);
    return [
      `## ${group}`,
      "",
      "| option | what it does | commands | environment | anomaly.yaml |",
      "|---|---|---|---|---|",
      ...options.map(([, spec]) => optionRow(spec)),
      "",
    ];
  });
  return [
    "# Options",
    "",
    MADE,
    "",
    "A value comes from the flag, else the environment, else `anomaly.yaml`, else the default; `anomaly config show --origin`",
    "shows which. In `anomaly.yaml` a key at the top level applies to every command that has the option, a key under a command's",
    "name to that command. Keys marked *under its command* are valid only there. In the environment, separate the values of a",
    "repeatable option by `;`.",
    "",
    "```yaml",
    ...EXAMPLE_CONFIG,
    "```",
    "",
    ...groups,
    "## Secrets",
    "",
    "Only from the environment, or from a file that it names; never as an argument or in `anomaly.yaml`.",
    "",
    "| variable | what it holds |",
    "|---|---|",
    ...SECRET_VARIABLES.map(({ env, help }) => `| \`${env}\` | ${help} |`),
    "",
  ].join("\n");
}

/** Shown on the options page, and read by a test as a real settings file. */
export const EXAMPLE_CONFIG: readonly string[] = [
  "model: default",
  "timezone: Europe/Berlin",
  "grafana-url: https://grafana.example.org",
  "datasource-uid: graphite",
  "template: statsd.{machine}.gauges.{aggregator}",
  "var:",
  "  machine: [n200, n201]",
  "  aggregator: '*'",
  "infer:",
  "  source: grafana",
  "  threshold: strict",
  "  floor: 0.05",
  "  output: out/anomalies.ndjson",
  "plot:",
  "  theme: dark",
];

function optionRow(spec: OptionSpec): string {
  const env = envName(spec);
  const key = yamlKey(spec) === "config" ? "" : `\`${yamlKey(spec)}\`${spec.perCommand ? " *under its command*" : ""}`;
  const commands = spec.commands.length === COMMAND_NAMES.length ? "all" : spec.commands.join(", ");
  const what = cell(`${spec.help}${optionNotes(spec)}`);
  return `| \`${cell(optionUsage(spec))}\` | ${what} | ${commands} | ${env === null ? "" : `\`${env}\``} | ${key} |`;
}

/** docs/reference/commands.md: what each command does, with its examples. */
export function commandsPage(): string {
  return ["# Commands", "", MADE, "", ...COMMAND_NAMES.flatMap(commandSection)].join("\n");
}

function commandSection(command: CommandName): readonly string[] {
  const { summary, usage, about, examples } = COMMANDS[command];
  return [
    `## anomaly ${command}`,
    "",
    `${summary[0].toUpperCase()}${summary.slice(1)}.`,
    "",
    `    anomaly ${command}${usage === "" ? "" : ` ${usage}`} [options]`,
    "",
    ...about,
    "",
    "```sh",
    ...examples.flatMap(({ about: what, line, needs }) => [
      `# ${what}${needs === undefined ? "" : ` (needs a ${needs[0].toUpperCase()}${needs.slice(1)})`}`,
      line,
    ]),
    "```",
    "",
  ];
}
