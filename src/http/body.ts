import { PassThrough, type Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import type { Dispatcher } from "undici";
import { SourceError } from "../errors/errors.js";
import { single } from "./answer.js";
import { placeOf } from "./failure.js";
import type { ByteMeter, ReplyMeter } from "./limits.js";

/** What is said to be understood; undici's `request` leaves the decoding to its caller. */
export const ACCEPT_ENCODING = "gzip, deflate, br";

/**
 * The text of an answer, decompressed. The meter counts what comes out, so that a small answer cannot unfold into all memory.
 *
 * @throws SourceError the meter's, `cut_off` where compressed data are damaged; the connection's own failure as it is.
 */
export async function readBody(url: string, response: Dispatcher.ResponseData, limit: ByteMeter): Promise<string> {
  let refused: unknown;
  // An error that destroys the stream must have a listener, or it ends the process.
  response.body.on("error", () => {});
  const metered = (measure: () => ReplyMeter | undefined) => {
    try {
      return measure();
    } catch (error) {
      // The rest is not wanted; without this the connection would stay busy with it.
      response.body.destroy();
      refused = error;
      throw error;
    }
  };
  const meter = metered(() => limit.begin(url, Number(single(response.headers["content-length"]) ?? 0)));
  const take = (bytes: number) => void metered(() => void meter?.take(bytes));
  const decoder = decoderFor(single(response.headers["content-encoding"]));
  if (decoder === undefined) return collect(response.body, take);
  const flowing = pipeline(response.body, decoder, new PassThrough(), async (plain: AsyncIterable<Buffer>) =>
    collect(plain, take),
  );
  return flowing.catch((cause: unknown) => {
    // The pipeline reports the stream that was destroyed, and not why.
    if (refused !== undefined) throw refused;
    if (!isDecodingFailure(cause)) throw cause;
    throw new SourceError(
      "cut_off",
      `${placeOf(url)} answered with compressed data that are damaged or cut off; look at the server's or proxy's log`,
      { cause },
    );
  });
}

async function collect(body: Readable | AsyncIterable<Buffer>, take: (bytes: number) => void) {
  const chunks: Buffer[] = [];
  for await (const chunk of body) {
    take(chunk.length);
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
