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
  /** Smaller items in place of one that asks for too much by itself; absent or undefined: it cannot be split. */
  readonly splitItem?: (item: Item) => readonly Item[] | undefined;
}

/** An answer that was too much at once: less of it may go well. */
const TOO_MUCH = new Set(["source.too_large", "source.cut_off", "source.timeout"]);
/** Failures that a smaller request may not have: one bad target spoils a batch, or the batch asks for too much. */
const SPLIT_CODES = new Set([...TOO_MUCH, "source.refused", "source.server_error"]);
/** Failures of a target itself; all others say that the server cannot be used by us. */
const TARGET_CODES = new Set([...SPLIT_CODES, "source.unexpected", "source.partial"]);
/** A server that times out for whatever is asked must not be asked 1,200 times. */
const TIMEOUT_SPLITS = 4;

/**
 * Asks for items in batches, several at a time; what fails is halved and asked again down to the single item, so that one
 * bad item costs only itself.
 *
 * The first batch goes alone: where the address or the credentials are wrong, one request is enough to know. After a
 * failure of the server itself nothing more is asked; `onFailure` then gets all the items that are left.
 *
 * @throws SourceError if the server itself failed before any batch was answered.
 */
export async function askInBatches<Item>(
  items: readonly Item[],
  { size, concurrency }: BatchOptions,
  { ask, onFailure, splitItem }: BatchWork<Item>,
): Promise<void> {
  const queue: (readonly Item[])[] = [];
  for (let i = 0; i < items.length; i += size) queue.push(items.slice(i, i + size));
  let answered = false;
  let timeoutSplits = 0;
  let serverFailure: SourceError | undefined;

  const halves = (batch: readonly Item[], error: SourceError): (readonly Item[])[] => {
    if (!SPLIT_CODES.has(error.code)) return [];
    if (error.code === "source.timeout" && timeoutSplits >= TIMEOUT_SPLITS) return [];
    if (batch.length > 1) {
      const half = Math.ceil(batch.length / 2);
      return [batch.slice(0, half), batch.slice(half)];
    }
    if (!TOO_MUCH.has(error.code)) return [];
    return (splitItem?.(batch[0]) ?? []).map((item) => [item]);
  };

  async function askOne(batch: readonly Item[]): Promise<void> {
    try {
      await ask(batch);
      answered = true;
    } catch (error) {
      if (!(error instanceof SourceError) || error.code === "source.aborted") throw error;
      if (!TARGET_CODES.has(error.code)) {
        if (!answered) throw error;
        serverFailure = error;
        onFailure(batch, error);
        return;
      }
      const parts = halves(batch, error);
      if (parts.length === 0) {
        // Nothing but time-outs is a server that cannot be reached.
        if (error.code === "source.timeout" && !answered && queue.length === 0) throw error;
        onFailure(batch, error);
        return;
      }
      if (error.code === "source.timeout") timeoutSplits++;
      queue.unshift(...parts);
    }
  }

  const work = async () => {
    for (let batch = queue.shift(); batch !== undefined; batch = queue.shift()) {
      if (serverFailure !== undefined) onFailure(batch, serverFailure);
      else {
        await askOne(batch).catch((error) => {
          // The other workers must not go on asking for a call that has failed.
          queue.length = 0;
          throw error;
        });
      }
    }
  };
  const first = queue.shift();
  if (first !== undefined) await askOne(first);
  await Promise.all(Array.from({ length: concurrency }, work));
}
