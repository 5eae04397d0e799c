import type { Dispatcher } from "undici";

/**
 * The answer, or the signal's reason as soon as it is aborted. undici hears the signal only once it has a connection: where
 * none comes about, it would wait for ten seconds and more.
 */
export function orAborted(
  asking: Promise<Dispatcher.ResponseData>,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      reject(signal.reason);
      // An answer that comes all the same is not wanted.
      asking.then(
        ({ body }) => body.on("error", () => {}).destroy(),
        () => {},
      );
    };
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop, { once: true });
    asking.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
