import type { Labels } from "../series/series.js";

/** A job as it will be in the file. */
export interface JobDraft {
  readonly name: string;
  /** What a person should know of it: the panel, its unit. */
  readonly comment?: string;
  readonly settings: Readonly<Record<string, string | boolean | readonly string[] | Labels>>;
}

/** What an answer came to: jobs, and in words what could not become one. */
export interface Drafts {
  readonly jobs: readonly JobDraft[];
  readonly leftOut: readonly string[];
}

/** A job's name of any title: letters, digits and dashes; each name once. */
export function jobName(title: string, taken: ReadonlySet<string>): string {
  const plain = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  const base = plain === "" || plain === "all" ? "job" : plain;
  for (let n = 1; ; n++) {
    const name = n === 1 ? base : `${base}-${n}`;
    if (!taken.has(name)) return name;
  }
}
