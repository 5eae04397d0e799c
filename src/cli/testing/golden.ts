/**
 * Golden files are Markdown that reads as documentation: a block ` ```sh ` holds one command, and below it stand what
 * it wrote (` ```stdout `, ` ```stderr `) and `exit N`. A block ` ```<kind> file=<name> ` is a file that is there when
 * the commands after it run. All else is prose.
 */
export type GoldenPart =
  | { readonly kind: "file"; readonly name: string; readonly content: string }
  | { readonly kind: "command"; readonly line: string };

const FENCE = /^```(\S+)(?: file=(\S+))?\n([\s\S]*?)^```$/gm;

/** The files and commands of a golden page, in order. */
export function goldenParts(page: string): readonly GoldenPart[] {
  return [...page.matchAll(FENCE)].flatMap(([, kind, name, content]): GoldenPart[] => {
    if (name !== undefined) return [{ kind: "file", name, content }];
    return kind === "sh" ? [{ kind: "command", line: content.trim() }] : [];
  });
}

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** The page with what the commands really did; equal to the page itself as long as nothing has changed. */
export function withOutcomes(page: string, outcomes: readonly Outcome[]): string {
  let next = 0;
  return page
    .replace(/\n```(stdout|stderr)\n[\s\S]*?^```\n/gm, "")
    .replace(/\nexit \d+\n/g, "")
    .replace(/^```sh\n[\s\S]*?^```\n/gm, (block) => {
      const { stdout, stderr, exitCode } = outcomes[next++];
      const part = (name: string, text: string) => {
        const closed = text === "" || text.endsWith("\n") ? text : `${text}\n`;
        return closed === "" ? "" : `\n\`\`\`${name}\n${closed}\`\`\`\n`;
      };
      return `${block}${part("stdout", stdout)}${part("stderr", stderr)}\nexit ${exitCode}\n`;
    });
}

/** Splits a line as a shell does for plain words, '…' and "…"; leading NAME=value words are the environment. */
export function shellWords(line: string): { readonly env: Record<string, string>; readonly words: readonly string[] } {
  const words = [...line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) =>
    word.replace(/'([^']*)'|"([^"]*)"/g, "$1$2"),
  );
  const env: Record<string, string> = {};
  while (/^[A-Z_]+=/.test(words[0] ?? "")) {
    const [name, ...value] = (words.shift() ?? "").split("=");
    env[name] = value.join("=");
  }
  return { env, words };
}
