import { PassThrough, type Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import type { Dispatcher } from "undici";
import { SourceError } from "../errors/errors.js";
import { single } from "./answer.js";
import { placeOf } from "./failure.js";

/** What is said to be understood; undici's `request` leaves the decoding to its caller. */
export const ACCEPT_ENCODING = "gzip, deflate, br";

/**
 * The text of an answer, decompressed. The cap is on what comes out, so that a small answer cannot unfold into all memory.
 *
 * @throws SourceError `too_large`, `cut_off` where compressed data are damaged; the connection's own failure as it is.
 */
export async function readBody(url: string, response: Dispatcher.ResponseData, maxBytes: number): Promise<string> {
  let refused: SourceError | undefined;
  const tooLarge = () => {
    // The rest is not wanted; without this the connection would stay busy with it.
    response.body.destroy();
    refused = new SourceError(
      "too_large",
      `${placeOf(url)} sent more than ${Math.round(maxBytes / 2 ** 20)} MB in one answer; ask for fewer targets or a shorter range at once`,
    );
    return refused;
  };
  const announced = Number(single(response.headers["content-length"]) ?? 0);
  // An error that destroys the stream must have a listener, or it ends the process.
  response.body.on("error", () => {});
  if (announced > maxBytes) throw tooLarge();
  const decoder = decoderFor(single(response.headers["content-encoding"]));
  if (decoder === undefined) return collect(response.body, maxBytes, tooLarge);
  const flowing = pipeline(response.body, decoder, new PassThrough(), async (plain: AsyncIterable<Buffer>) =>
    collect(plain, maxBytes, tooLarge),
  );
  return flowing.catch((cause: unknown) => {
    // The pipeline tells of the stream that was destroyed, and not of why.
    if (refused !== undefined) throw refused;
    if (!isDecodingFailure(cause)) throw cause;
    throw new SourceError(
      "cut_off",
      `${placeOf(url)} answered with compressed data that are damaged or cut off; look at the server's or proxy's log`,
      { cause },
    );
  });
}

async function collect(body: Readable | AsyncIterable<Buffer>, maxBytes: number, tooLarge: () => SourceError) {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function decoderFor(encoding: string | undefined) {
  switch (encoding?.toLowerCase()) {
    case "gzip":
    case "x-gzip":
      return createGunzip();
    case "deflate":
      return createInflate();
    case "br":
      return createBrotliDecompress();
    default:
      return undefined;
  }
}

const isDecodingFailure = (cause: unknown) =>
  cause instanceof Error && /^(Z_|ERR__ERROR_FORMAT|ERR_BROTLI)/.test((cause as NodeJS.ErrnoException).code ?? "");
