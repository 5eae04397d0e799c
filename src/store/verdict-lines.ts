import { z } from "zod";
import { InputError } from "../errors/errors.js";
import { eachRow } from "./each-row.js";
import type { Reading, Transaction } from "./store.js";
import { takeVerdict } from "./verdicts.js";

/**
 * Verdicts as `verdicts.ndjson`: one per line, oldest first, every field always in its place, so that a version control system shows
 * one added line per verdict. Reads what `serve` wrote before it had a store, too.
 */
export async function* verdictLines(reading: Reading): AsyncGenerator<string> {
  for await (const { episode, job, verdict, author, note, at } of eachRow(reading, "verdicts")) {
    yield `${JSON.stringify({ id: episode, job, verdict, author, note, at })}\n`;
  }
}

const lineSchema = z.looseObject({
  id: z.string(),
  job: z.string().nullable().default(null),
  verdict: z.enum(["true", "false", "expected"]),
  author: z.string().nullable().default(null),
  note: z.string().nullable().default(null),
  at: z.string(),
});

/** @returns how many were not there yet. @throws InputError naming the line. */
export async function takeVerdictLines(transaction: Transaction, text: string, name: string): Promise<number> {
  let taken = 0;
  for (const [i, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const { id, at, ...said } = verdictOf(line, `${name}:${i + 1}`);
    if (await takeVerdict(transaction, { ...said, episode: id }, at)) taken++;
  }
  return taken;
}

function verdictOf(line: string, place: string): z.infer<typeof lineSchema> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch (cause) {
    throw new InputError("verdict", `${place}: this is not JSON; a verdict is an object with id, verdict and at`, {
      cause,
    });
  }
  const result = lineSchema.safeParse(parsed);
  if (result.success && !Number.isNaN(Date.parse(result.data.at))) return result.data;
  const issue = result.error?.issues[0];
  throw new InputError(
    "verdict",
    `${place}: ${issue === undefined ? "at: must be a time" : `${issue.path.join(".")}: ${issue.message}`}; a verdict has id, verdict (true, false, expected) and at`,
  );
}
