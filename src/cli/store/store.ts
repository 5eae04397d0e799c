import { EXIT, type ExitCode, UsageError } from "../../errors/errors.js";
import { retain } from "../../store/retention.js";
import { TABLE_NAMES } from "../../store/tables.js";
import { exportLines, importLines } from "../../store/transfer.js";
import { bytes as inBytes } from "../../wording/bytes.js";
import { count } from "../../wording/count.js";
import type { CommandContext } from "../commands/spec.js";
import { withStore } from "../open-store.js";
import { readInput } from "../record-input.js";
import { writeLines } from "./write-lines.js";

/** `anomaly store check`, `vacuum`, `export` and `import [file]`. */
export function store(context: CommandContext<"store">): Promise<ExitCode> {
  const [word, file] = context.positionals;
  if (word === "import") return importStore(context, file);
  if (file !== undefined) throw new UsageError("arguments", `store ${word} cannot do anything with "${file}"`);
  if (word === "export") return exportStore(context);
  return word === "vacuum" ? vacuum(context) : check(context);
}

/** Exit 1 where something is wrong. */
async function check(context: CommandContext<"store">): Promise<ExitCode> {
  const { options, streams, log } = context;
  const found = await withStore(context, async (opened) => {
    const rows: Record<string, number> = {};
    const problems = await opened.check();
    for await (const line of exportLines(opened)) {
      const { table } = JSON.parse(line) as { readonly table?: string };
      if (table !== undefined) rows[table] = (rows[table] ?? 0) + 1;
    }
    return { place: opened.place, rows, bytes: await opened.sizeBytes(), problems };
  });
  const { place, rows, bytes, problems } = found;
  if (options.json) await streams.out(`${JSON.stringify(found, null, 2)}\n`);
  else {
    const parts = TABLE_NAMES.flatMap((table) => (rows[table] === undefined ? [] : [`${table} ${rows[table]}`]));
    log.info(`${place}: ${parts.join(", ") || "nothing in it"}; ${inBytes(bytes)}`);
  }
  for (const problem of problems) log.error(problem);
  if (problems.length === 0) log.info("all rows are as they should be");
  return problems.length === 0 ? EXIT.ok : EXIT.failed;
}

async function vacuum(context: CommandContext<"store">): Promise<ExitCode> {
  const { options, streams, log } = context;
  const result = await withStore(context, async (opened) => {
    const before = await opened.sizeBytes();
    const limits = { keepMs: options.storeKeep, ...(options.storeMaxSize && { maxBytes: options.storeMaxSize }) };
    const dropped = await retain(opened, limits, streams.nowMs());
    await opened.vacuum();
    return { dropped, bytes_before: before, bytes: await opened.sizeBytes() };
  });
  if (options.json) await streams.out(`${JSON.stringify(result)}\n`);
  log.info(
    `${count(result.dropped, "row")} dropped; ${inBytes(result.bytes_before)} before, ${inBytes(result.bytes)} now`,
  );
  return EXIT.ok;
}

async function exportStore(context: CommandContext<"store">): Promise<ExitCode> {
  const written = await withStore(context, (opened) =>
    writeLines(exportLines(opened), context.options.output ?? "-", context.streams),
  );
  context.log.info(`${count(written - 1, "row")} exported`);
  return EXIT.ok;
}

async function importStore(context: CommandContext<"store">, file: string | undefined): Promise<ExitCode> {
  const { streams, log, options } = context;
  const { text, name } = await readInput(file, streams, { path: "out/store-export.ndjson", command: "store export" });
  const read = await withStore(context, (opened) => importLines(opened, text.split("\n"), name));
  if (options.json) await streams.out(`${JSON.stringify({ rows: read })}\n`);
  log.info(`${count(read, "row")} from ${name}`);
  return EXIT.ok;
}
