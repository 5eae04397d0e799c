import { writeFileAtomic } from "../../files/atomic.js";
import { escapeInvisible } from "../../wording/visible.js";
import type { Streams } from "../streams.js";

/** Lines gathered into one write. */
const PIECE_CHARACTERS = 1 << 16;

/** Sends lines to stdout piece by piece, or to a file that is replaced as a whole. @returns how many there were. */
export async function writeLines(lines: AsyncIterable<string>, path: string, streams: Streams): Promise<number> {
  let written = 0;
  const pieces: Buffer[] = [];
  let piece = "";
  const flush = async () => {
    if (path === "-") await streams.out(piece);
    else pieces.push(Buffer.from(escapeInvisible(piece), "utf8"));
    piece = "";
  };
  for await (const line of lines) {
    written++;
    piece += line;
    if (piece.length >= PIECE_CHARACTERS) await flush();
  }
  await flush();
  if (path !== "-") writeFileAtomic(path, pieces);
  return written;
}
