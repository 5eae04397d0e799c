/**
 * Lets signals, timers and I/O be heard between two pieces of long work; Ctrl-C is only heard between turns of the event loop.
 *
 * @throws the reason of the signal once it is aborted.
 */
export async function breathe(signal?: AbortSignal): Promise<void> {
  await new Promise((turn) => setImmediate(turn));
  signal?.throwIfAborted();
}
