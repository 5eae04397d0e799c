import { SourceError } from "../errors/errors.js";

/** A server's reply, as a message names it. */
export interface ReplyWords {
  /** What it is not: `is not a Graphite reply`. */
  readonly isNot: string;
  /** Whose address was expected: `Graphite's`. */
  readonly whose: string;
}

/** An answer in JSON that is not what was asked for: most often something else listens at the address. @param needed what it lacks. */
export function unexpectedReply(place: string, needed: string, { isNot, whose }: ReplyWords): SourceError {
  return new SourceError(
    "unexpected",
    `${place} answered with JSON that ${isNot}: ${needed}; check that the address is ${whose}`,
  );
}
