import type { z } from "zod";
import { InputError } from "../errors/errors.js";
import { type AnomalyRecord, type HydratedRecord, RECORD_SCHEMA } from "./record.js";
import { hydrationSchema, recordSchema, withDefaults } from "./schema.js";

/**
 * Reads records, one JSON object a line, or one JSON array over all lines. Empty lines are skipped; nothing at all is
 * no record and no error.
 *
 * Records that went through `hydrate` come out as `HydratedRecord` (distinguish them by `isHydrated`). Fields that are not known
 * are kept.
 *
 * @param name what the input is called in messages: a path, or `stdin`
 * @throws InputError naming the line: not JSON, not a record, or of a version that is not known.
 */
export async function* readRecords(
  lines: AsyncIterable<string> | Iterable<string>,
  name = "the records",
): AsyncGenerator<AnomalyRecord | HydratedRecord> {
  let number = 0;
  let array: string[] | undefined;
  for await (const raw of lines) {
    number++;
    const line = number === 1 ? raw.replace(/^\uFEFF/, "") : raw;
    if (array !== undefined) {
      array.push(line);
      continue;
    }
    if (line.trim() === "") continue;
    if (line.trimStart().startsWith("[")) {
      array = [line];
      continue;
    }
    const place = `line ${number} of ${name}`;
    yield toRecord(parseJson(line, place), place);
  }
  if (array === undefined) return;
  const items = parseJson(array.join("\n"), name) as unknown[];
  for (let i = 0; i < items.length; i++) yield toRecord(items[i], `record ${i + 1} of ${name}`);
}

function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InputError(
      "record-json",
      `${place} is not complete JSON: it begins with ${excerpt(text)}; records are one JSON object per line, as "anomaly infer" writes them`,
      { cause },
    );
  }
}

function toRecord(json: unknown, place: string): AnomalyRecord | HydratedRecord {
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new InputError(
      "record",
      `${place} is ${excerpt(JSON.stringify(json))} and not a record; records are JSON objects, as "anomaly infer" writes them`,
    );
  }
  const version = (json as { schema?: unknown }).schema;
  if (version !== RECORD_SCHEMA) {
    throw new InputError(
      "record-schema",
      `${place} has the schema ${version === undefined ? "(none)" : excerpt(typeof version === "string" ? version : JSON.stringify(version))}, but only "${RECORD_SCHEMA}" can be read; ` +
        "make the records with this version's anomaly infer, or read them with a newer anomaly",
    );
  }
  const record = withDefaults(checked(recordSchema, json, place));
  if (!("context" in json)) return record;
  return { ...record, ...checked(hydrationSchema, json, place) } as HydratedRecord;
}

function checked<T>(schema: z.ZodType<T>, json: unknown, place: string): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue.path.length === 0 ? "" : ` in the field ${issue.path.join(".")}`;
  throw new InputError("record", `${place} is not a record${field}: ${issue.message}`);
}

/** The beginning of what was read, without control characters, for a message. */
function excerpt(text: string): string {
  const clean = text.replace(/[\u0000-\u001f\u007f-\u009f\ufffd]+/g, "?");
  return clean.length > 30 ? `"${clean.slice(0, 30)}…"` : `"${clean}"`;
}
