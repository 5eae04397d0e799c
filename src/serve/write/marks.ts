import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { OutputError } from "../../errors/errors.js";
import { writeFileAtomic } from "../../files/atomic.js";

/** Which slots of a job are in the queues already. */
export interface Marks {
  /** The newest batch that was written whole. */
  readonly batch: number;
  /** By the tag of a series, the begin of its newest slot that was queued, epoch ms. */
  readonly newest: ReadonlyMap<string, number>;
}

const END = ".marks.json";
/** Of a hash: 72 bits, so that among a million series two with the same tag are as likely as one in ten billion. */
const TAG_LENGTH = 12;

const tag = (text: string) => createHash("sha256").update(text).digest("base64url").slice(0, TAG_LENGTH);
/** What a job is called in file names. */
export const jobTag = (job: string) => tag(`job ${job}`);
/** What a series is called in the file. */
export const seriesTag = (key: string) => tag(key);

/** The marks of all jobs, by their tag. @throws OutputError for a file that cannot be read: guessing would write slots twice. */
export function readMarks(folder: string): Map<string, Marks> {
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith(END));
  } catch {
    return new Map();
  }
  return new Map(names.map((name) => [name.slice(0, -END.length), readOne(join(folder, name))]));
}

function readOne(path: string): Marks {
  try {
    const { batch, newest } = JSON.parse(readFileSync(path, "utf8"));
    return { batch, newest: new Map(Object.entries<number>(newest)) };
  } catch (cause) {
    throw new OutputError(
      "marks",
      `cannot read ${path}, which says what was written already; restore it, or remove it and accept that slots are written twice`,
      { cause },
    );
  }
}

export function writeMarks(folder: string, job: string, { batch, newest }: Marks): void {
  writeFileAtomic(join(folder, `${job}${END}`), JSON.stringify({ batch, newest: Object.fromEntries(newest) }));
}
