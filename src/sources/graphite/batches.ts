import { SourceError } from "../../errors/errors.js";

export interface BatchOptions {
  readonly size: number;
  readonly concurrency: number;
}

/** Failures that a smaller request may not have: one bad target spoils a batch, or the batch asks for too much. */
const SPLIT_CODES = new Set([
  "source.refused",
  "source.server_error",
  "source.too_large",
  "source.cut_off",
  "source.timeout",
]);
/** Failures of a target itself; all others say that the server cannot be used by us. */
const TARGET_CODES = new Set([...SPLIT_CODES, "source.unexpected"]);
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
  ask: (batch: readonly Item[]) => Promise<void>,
  onFailure: (batch: readonly Item[], error: SourceError) => void,
): Promise<void> {
  const queue: (readonly Item[])[] = [];
  for (let i = 0; i < items.length; i += size) queue.push(items.slice(i, i + size));
  let answered = false;
  let timeoutSplits = 0;
  let serverFailure: SourceError | undefined;

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
      const timedOut = error.code === "source.timeout";
      if (batch.length === 1 || !SPLIT_CODES.has(error.code) || (timedOut && timeoutSplits >= TIMEOUT_SPLITS)) {
        // Nothing but time-outs is a server that cannot be reached.
        if (timedOut && !answered && queue.length === 0) throw error;
        onFailure(batch, error);
        return;
      }
      if (timedOut) timeoutSplits++;
      const half = Math.ceil(batch.length / 2);
      queue.unshift(batch.slice(0, half), batch.slice(half));
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
