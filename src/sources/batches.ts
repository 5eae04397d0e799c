import { SourceError } from "../errors/errors.js";

export interface BatchOptions {
  /** Items in one request. */
  readonly size: number;
  /** Requests at a time. */
  readonly concurrency: number;
}

/** What is done with the items; `Item` is a target, or a target and a part of its time. */
export interface BatchWork<Item> {
  readonly ask: (batch: readonly Item[]) => Promise<void>;
  readonly onFailure: (batch: readonly Item[], error: SourceError) => void;
  /** This many smaller items in place of one that asks for too much by itself; absent or undefined: it cannot be split. */
  readonly splitItem?: (item: Item, parts: number) => readonly Item[] | undefined;
}

/** An answer that was too much at once: less of it may go well. */
const TOO_MUCH = new Set(["source.too_large", "source.cut_off", "source.timeout"]);
/** Failures that a smaller request may not have: one bad target spoils a batch, or the batch asks for too much. */
const SPLIT_CODES = new Set([...TOO_MUCH, "source.refused", "source.server_error"]);
/** Failures of a target itself; all others say that the server cannot be used by us. */
const TARGET_CODES = new Set([...SPLIT_CODES, "source.unexpected", "source.partial"]);
/** What asks for too much becomes an eighth and not a half: each try may cost the whole time or all the bytes of one answer. */
const TOO_MUCH_PARTS = 8;
/**
 * Equal failures, one after the other, after which nothing is split any more: the request's size is not what is wrong. Where one
 * bad target is looked for, this many come on top of the splits that find it; three of them side by side are found as well.
 */
const EQUAL_FAILURES = 8;
const TOO_MUCH_FAILURES = 3;

/** A batch, and whether it came of one that had failed. */
interface Queued<Item> {
  readonly items: readonly Item[];
  readonly isPart: boolean;
}

/**
 * Asks for items in batches, several at a time; what fails is split and asked again down to the single item, so that one
 * bad item costs only itself. A server that fails the same way whatever is asked is not asked on and on: after a few equal
 * failures nothing is split any more, and the parts that are left fail as what they came of.
 *
 * Until there is an answer the batches go alone: where the address or the credentials are wrong, one request is enough to know. After a
 * failure of the server itself nothing more is asked; `onFailure` then gets all the items that are left.
 *
 * @throws SourceError if the server itself failed before any batch was answered.
 */
export async function askInBatches<Item>(
  items: readonly Item[],
  { size, concurrency }: BatchOptions,
  { ask, onFailure, splitItem }: BatchWork<Item>,
): Promise<void> {
  const queue: Queued<Item>[] = [];
  for (let i = 0; i < items.length; i += size) queue.push({ items: items.slice(i, i + size), isPart: false });
  let answered = false;
  let equal = { code: "", failures: 0 };
  let serverFailure: SourceError | undefined;

  /** Counts the failure, and says whether splitting may help after it. */
  const mayHelp = ({ code }: SourceError): boolean => {
    equal = { code, failures: equal.code === code ? equal.failures + 1 : 1 };
    // Once several are under way, each may fail before the first part of another is answered.
    return equal.failures <= mostFailures(code, Math.min(size, items.length)) * (answered ? concurrency : 1);
  };
  const partsOf = (batch: readonly Item[], code: string): readonly (readonly Item[])[] => {
    const parts = TOO_MUCH.has(code) ? TOO_MUCH_PARTS : 2;
    if (batch.length > 1) return inParts(batch, parts);
    return TOO_MUCH.has(code) ? (splitItem?.(batch[0], parts) ?? []).map((item) => [item]) : [];
  };

  async function askOne({ items: batch, isPart }: Queued<Item>): Promise<void> {
    try {
      await ask(batch);
      answered = true;
      equal = { code: "", failures: 0 };
    } catch (error) {
      if (!(error instanceof SourceError) || error.code === "source.aborted") throw error;
      if (!TARGET_CODES.has(error.code)) {
        if (!answered) throw error;
        serverFailure = error;
        onFailure(batch, error);
        return;
      }
      const helps = SPLIT_CODES.has(error.code) && mayHelp(error);
      const parts = helps ? partsOf(batch, error.code) : [];
      if (parts.length > 0) {
        queue.unshift(...parts.map((part) => ({ items: part, isPart: true })));
        return;
      }
      // Nothing but time-outs is a server that cannot be reached.
      if (error.code === "source.timeout" && !answered && !queue.some((next) => !next.isPart)) throw error;
      onFailure(batch, error);
      if (isPart && SPLIT_CODES.has(error.code) && !helps) giveUpParts(error);
    }
  }

  const giveUpParts = (error: SourceError) => {
    while (queue[0]?.isPart === true) onFailure(queue.shift()?.items ?? [], error);
  };

  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      if (serverFailure !== undefined) onFailure(next.items, serverFailure);
      else {
        await askOne(next).catch((error) => {
          // The other workers must not keep asking for a call that has failed.
          queue.length = 0;
          throw error;
        });
      }
    }
  };
  while (!answered && queue.length > 0) await askOne(queue.shift() as Queued<Item>);
  await Promise.all(Array.from({ length: concurrency }, work));
}

function mostFailures(code: string, size: number): number {
  const depth = (parts: number) => Math.ceil(Math.log(Math.max(1, size)) / Math.log(parts));
  if (code === "source.cut_off") return depth(TOO_MUCH_PARTS) + TOO_MUCH_FAILURES;
  return TOO_MUCH.has(code) ? TOO_MUCH_FAILURES : depth(2) + EQUAL_FAILURES;
}

function inParts<Item>(batch: readonly Item[], parts: number): (readonly Item[])[] {
  const size = Math.ceil(batch.length / Math.min(parts, batch.length));
  return Array.from({ length: Math.ceil(batch.length / size) }, (_, i) => batch.slice(i * size, (i + 1) * size));
}
