import { COMMANDS } from "./commands/table.js";
import { COMMAND_NAMES, type CommandName, type OptionSpec } from "./options/spec.js";
import { ALL_OPTIONS, optionsOf } from "./options/table.js";

export type Shell = "bash" | "zsh" | "fish";

/** The script that a shell loads to complete commands, options and their values. */
export function completionScript(shell: Shell): string {
  return { bash, zsh, fish }[shell]();
}

const flagsOf = (command: CommandName) =>
  optionsOf(command).flatMap(([, spec]) => (spec.short === undefined ? [spec.flag] : [spec.short, spec.flag]));

/** Options with a fixed set of values, by command, because one flag may take other values elsewhere. */
const choicesOf = (command: CommandName) =>
  optionsOf(command).flatMap(([, spec]) =>
    spec.parser.choices === undefined ? [] : [{ flag: spec.flag, choices: spec.parser.choices }],
  );

/** Flags after which the next word is a value, so that it is not taken for the command. */
const valueFlags = () => [
  ...new Set(
    ALL_OPTIONS.flatMap(([, spec]) =>
      spec.argument === undefined ? [] : [spec.flag, ...(spec.short === undefined ? [] : [spec.short])],
    ),
  ),
];

function bash(): string {
  const values = COMMAND_NAMES.flatMap((command) =>
    choicesOf(command).map(
      ({ flag, choices }) =>
        `    ${command}:${flag}) COMPREPLY=($(compgen -W "${choices.join(" ")}" -- "$word")); return ;;`,
    ),
  );
  const flags = COMMAND_NAMES.map((command) => {
    const words = COMMANDS[command].words?.join(" ") ?? "";
    return `    ${command}) flags="${flagsOf(command).join(" ")} --help"; words="${words}" ;;`;
  });
  return `# bash completion for anomaly; load it with: eval "$(anomaly completion bash)"
_anomaly() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" command="" flags="" words="" i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${COMP_WORDS[i]}" in
    ${valueFlags().join("|")}) ((i++)) ;;
    -*) ;;
    *) command="\${COMP_WORDS[i]}"; break ;;
    esac
  done
  case "$command:$before" in
${values.join("\n")}
  esac
  case "$command" in
    "") flags="--help --version"; words="${COMMAND_NAMES.join(" ")} help" ;;
${flags.join("\n")}
  esac
  if [[ "$word" == -* ]]; then COMPREPLY=($(compgen -W "$flags" -- "$word"))
  elif [[ -n "$words" && "$before" != -* ]]; then COMPREPLY=($(compgen -W "$words" -- "$word"))
  else COMPREPLY=($(compgen -f -- "$word"))
  fi
}
complete -o filenames -F _anomaly anomaly
`;
}

/** Inside '[…]' of _arguments brackets and colons have a meaning, and a quote ends the word. */
const zshText = (text: string) => text.replace(/'/g, "'\\''").replace(/[[\]:]/g, "\\$&");

function zshOption(spec: OptionSpec): string {
  const what = `[${zshText(spec.help)}]`;
  const action = spec.parser.choices === undefined ? "_files" : `(${spec.parser.choices.join(" ")})`;
  const value = spec.argument === undefined ? "" : `:${zshText(spec.argument.replace(/[<>]/g, ""))}:${action}`;
  const many = spec.repeatable ? "*" : "";
  const names = spec.short === undefined ? [spec.flag] : [spec.short, spec.flag];
  return names.map((name) => `'${many}${name}${what}${value}'`).join(" ");
}

function zsh(): string {
  const commands = COMMAND_NAMES.map((name) => `    '${name}:${zshText(COMMANDS[name].summary)}'`);
  const cases = COMMAND_NAMES.map((command) => {
    const options = optionsOf(command).map(([, spec]) => `      ${zshOption(spec)} \\`);
    const { words } = COMMANDS[command];
    const rest = words === undefined ? "'*:file:_files'" : `'1:word:(${words.join(" ")})' '*:name:'`;
    return `  ${command})\n    _arguments '--help[show help]' \\\n${options.join("\n")}\n      ${rest} ;;`;
  });
  return `#compdef anomaly
# zsh completion for anomaly; load it with: eval "$(anomaly completion zsh)", after compinit
_anomaly() {
  local -a commands
  commands=(
${commands.join("\n")}
  )
  if ((CURRENT == 2)); then
    _describe 'command' commands
    return
  fi
  local command="\${words[2]}"
  shift words
  ((CURRENT--))
  case "$command" in
${cases.join("\n")}
  esac
}
if [ "$funcstack[1]" = "_anomaly" ]; then _anomaly "$@"; else compdef _anomaly anomaly; fi
`;
}

/** Inside single quotes fish knows only \\ and \'. */
const fishText = (text: string) => `'${text.replace(/['\\]/g, "\\$&")}'`;

function fish(): string {
  const commands = COMMAND_NAMES.map(
    (name) => `complete -c anomaly -n __fish_use_subcommand -f -a ${name} -d ${fishText(COMMANDS[name].summary)}`,
  );
  const options = COMMAND_NAMES.flatMap((command) => {
    const when = `-n '__fish_seen_subcommand_from ${command}'`;
    const words = COMMANDS[command].words?.map((word) => `complete -c anomaly ${when} -f -a ${word}`) ?? [];
    const flags = optionsOf(command).map(([, spec]) => {
      const short = spec.short === undefined ? "" : ` -s ${spec.short.slice(1)}`;
      const choices = spec.parser.choices === undefined ? "" : ` -x -a ${fishText(spec.parser.choices.join(" "))}`;
      const value = spec.argument === undefined ? "" : choices || " -r";
      return `complete -c anomaly ${when}${short} -l ${spec.flag.slice(2)}${value} -d ${fishText(spec.help)}`;
    });
    return [...words, ...flags];
  });
  return `# fish completion for anomaly; load it with: anomaly completion fish | source\n${[...commands, ...options].join("\n")}\n`;
}
