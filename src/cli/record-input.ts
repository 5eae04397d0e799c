import { readFileSync } from "node:fs";
import { InputError } from "../errors/errors.js";
import { readRecords } from "../records/read-records.js";
import type { AnomalyRecord, HydratedRecord } from "../records/record.js";
import type { Streams } from "./streams.js";

export interface InputText {
  readonly text: string;
  /** For messages: `stdin` or the file's path. */
  readonly name: string;
}

/**
 * The records to work on: the named file (`-` is stdin), else stdin where that is a pipe or a redirected file, else
 * the usual file under out/.
 *
 * @param usual the file that the command before writes, and `command` is what that one is called.
 * @throws InputError where there is nothing to read.
 */
export async function readInput(
  named: string | undefined,
  streams: Streams,
  usual: { readonly path: string; readonly command: string },
): Promise<InputText> {
  const piped = streams.stdinKind === "pipe" || streams.stdinKind === "file";
  if (named === "-" || (named === undefined && piped)) return { text: await readAll(streams.stdin), name: "stdin" };
  const path = named ?? usual.path;
  try {
    return { text: readFileSync(path, "utf8"), name: path };
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const advice =
      code === "ENOENT"
        ? `it does not exist; run anomaly ${usual.command} first, name a file, or pipe records in`
        : code === "EISDIR"
          ? "it is a folder; name a file of records"
          : "check that it may be read";
    throw new InputError("unreadable", `cannot read ${path}: ${advice}`, { cause });
  }
}

async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString("utf8");
}

export interface InputRecords {
  readonly records: readonly (AnomalyRecord | HydratedRecord)[];
  readonly name: string;
}

/** `readInput` as records. Nothing at all is no records: that is what `infer` sends down a pipe on a quiet day. */
export async function inputRecords(
  named: string | undefined,
  streams: Streams,
  usual: { readonly path: string; readonly command: string },
): Promise<InputRecords> {
  const { text, name } = await readInput(named, streams, usual);
  const records: (AnomalyRecord | HydratedRecord)[] = [];
  for await (const record of readRecords(text.split("\n"), name)) records.push(record);
  return { records, name };
}
