import { SourceError } from "../errors/errors.js";
import { placeOf } from "./failure.js";

/** Some 3 M points of Graphite's JSON; a request that is meant to bring more is a query gone wrong. */
export const DEFAULT_REPLY_BYTES = 64_000_000;

/** How much is taken in, unpacked: of one answer, and of all answers of a run together. */
export interface ByteLimits {
  readonly replyBytes: number;
  readonly runBytes: number;
}

/** Counts what comes in and refuses what goes beyond a limit. */
export interface ByteMeter {
  /** Of an answer that begins: what its size will be, where it says so. */
  readonly begin: (url: string, announced: number) => ReplyMeter;
}

export interface ReplyMeter {
  /** @throws SourceError `too_large` for the answer, `download` for the run. */
  readonly take: (bytes: number) => void;
}

export function createMeter({ replyBytes, runBytes }: ByteLimits): ByteMeter {
  let ofRun = 0;
  return {
    begin: (url, announced) => {
      let ofReply = 0;
      const take = (bytes: number) => {
        ofReply += bytes;
        ofRun += bytes;
        if (Math.max(ofReply, announced) > replyBytes) throw tooLarge(url, replyBytes);
        if (ofRun > runBytes) throw download(url, runBytes);
      };
      take(0);
      return { take };
    },
  };
}

function tooLarge(url: string, bytes: number): SourceError {
  return new SourceError(
    "too_large",
    `${placeOf(url)} sent more than ${megabytes(bytes)} in one answer; request fewer targets or a shorter range at once, or raise --max-reply`,
  );
}

function download(url: string, bytes: number): SourceError {
  return new SourceError(
    "download",
    `the answers of this run are more than ${megabytes(bytes)}, the last one from ${placeOf(url)}; request less, or raise --max-download`,
  );
}

const megabytes = (bytes: number) => `${Number((bytes / 1e6).toPrecision(3))} MB`;
