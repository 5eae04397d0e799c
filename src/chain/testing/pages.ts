/** A fenced block of a Markdown page. */
export interface Block {
  readonly kind: string;
  readonly content: string;
  /** 1-based, of the opening fence. */
  readonly line: number;
  /** The block that follows without prose between. */
  readonly next: Block | undefined;
}

const FENCE = /^```(\w*)\n([\s\S]*?)^```$/gm;

/** All fenced blocks of a page, in order. */
export function blocksOf(page: string): readonly Block[] {
  const matches = [...page.matchAll(FENCE)];
  const blocks: Block[] = [];
  // From the end, so that each block's successor is there already.
  for (let i = matches.length - 1; i >= 0; i--) {
    const { index, 0: whole, 1: kind, 2: content } = matches[i];
    const between = page.slice(index + whole.length, matches[i + 1]?.index);
    const next = between.trim() === "" ? blocks[0] : undefined;
    blocks.unshift({ kind, content, line: page.slice(0, index).split("\n").length, next });
  }
  return blocks;
}

/** What stands between single backticks outside of blocks. */
export function inlineCode(page: string): readonly string[] {
  const prose = page.replace(FENCE, "");
  return [...prose.matchAll(/`([^`]+)`/g)].map(([, code]) => code.replaceAll("\n", " "));
}

/** Targets of links and pictures that lie in the project: no address, and no anchor of the page itself. */
export function localLinks(page: string): readonly string[] {
  const prose = page.replace(FENCE, "");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target.replace(/#.*$/, ""))
    .filter((target) => target !== "" && !/^[a-z]+:/.test(target));
}
