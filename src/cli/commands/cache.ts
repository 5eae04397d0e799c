import { EXIT, UsageError } from "../../errors/errors.js";
import { aligned } from "../../report/terminal/aligned.js";
import { type CacheEntry, clearCache, listCache } from "../../sources/cache/cache-folder.js";
import { formatUtc } from "../../time/format.js";
import { bytes } from "../../wording/bytes.js";
import { count, thousands } from "../../wording/count.js";
import type { RunCommand } from "./spec.js";

/** `anomaly cache`, `anomaly cache ls`, `anomaly cache clear [id]`. */
export const run: RunCommand<"cache"> = async ({ positionals: [word, id], options, streams, log }) => {
  const folder = options.cacheDir;
  if (word === "clear") {
    const removed = clearCache(folder, id);
    if (id !== undefined && removed.length === 0) {
      throw new UsageError(
        "arguments",
        `${folder}/ holds nothing called "${id}"; anomaly cache ls shows what there is`,
      );
    }
    if (options.json) await streams.out(`${JSON.stringify(removed.map(plain))}\n`);
    log.info(`${count(removed.length, "history", "histories")} cleared, ${bytes(sizeOf(removed))}`);
    return EXIT.ok;
  }
  if (id !== undefined) throw new UsageError("arguments", `cache ls cannot do anything with "${id}"`);
  const entries = listCache(folder);
  if (options.json) await streams.out(`${JSON.stringify(entries.map(plain))}\n`);
  else if (entries.length === 0)
    log.info(`nothing in ${folder}/ yet; anomaly train --source … keeps what it fetches there`);
  else {
    const head = ["id", "written", "pieces", "size", "source", "asked"];
    const rows = entries.map(({ id: name, question, pieces, bytes: size, writtenMs }) => [
      name,
      Number.isNaN(writtenMs) ? "-" : formatUtc(writtenMs).slice(0, 10),
      thousands(pieces),
      bytes(size),
      question.source,
      question.asked,
    ]);
    await streams.out(`${aligned([head, ...rows], ["left", "left", "right", "right", "left"]).join("\n")}\n`);
  }
  return EXIT.ok;
};

const sizeOf = (entries: readonly CacheEntry[]) => entries.reduce((sum, entry) => sum + entry.bytes, 0);

const plain = ({ id, question, pieces, bytes: size, writtenMs }: CacheEntry) => ({
  id,
  ...question,
  pieces,
  bytes: size,
  written_at: Number.isNaN(writtenMs) ? null : formatUtc(Math.floor(writtenMs / 1000) * 1000),
});
