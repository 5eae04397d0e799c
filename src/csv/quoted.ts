import { once } from "node:events";
import { parse } from "csv-parse";
import { InputError, messageOf } from "../errors/errors.js";

/** Takes the rest of a file in which cells are quoted, and gives its rows one by one. */
export interface QuotedReader {
  write(bytes: Uint8Array): Promise<void>;
  end(): Promise<void>;
}

/**
 * csv-parse over a stream of bytes; `onRow` gets the cells of each row (one empty cell for a blank line).
 *
 * Rows come by `data` events: awaiting them one by one costs three times as much, and the sync parser holds the file.
 * `end` and `write` throw an InputError naming the file when quotes are not closed.
 */
export function createQuotedReader(path: string, delimiter: string, onRow: (cells: string[]) => void): QuotedReader {
  const parser = parse({
    delimiter,
    // Found by the parser it would be that of the first line: a file that mixes both has rows joined then.
    record_delimiter: ["\r\n", "\n"],
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: false,
  });
  let failure: unknown;
  parser.on("data", onRow);
  parser.on("error", (error) => {
    failure = error;
  });
  const check = () => {
    if (failure === undefined) return;
    throw new InputError(
      "quotes",
      `${path} cannot be read as CSV: ${messageOf(failure)}; check the quotes in that line`,
      {
        cause: failure,
      },
    );
  };
  return {
    async write(bytes) {
      check();
      // The parser keeps what it is given until it has parsed it; the caller's buffer is used again.
      if (!parser.write(Buffer.from(bytes)))
        await Promise.race([once(parser, "drain"), once(parser, "close")]).catch(() => {});
      check();
    },
    async end() {
      check();
      const ended = once(parser, "end").catch(() => {});
      parser.end();
      await ended;
      check();
    },
  };
}
