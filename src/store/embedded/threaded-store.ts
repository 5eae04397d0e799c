import { openLane } from "../../threads/lane.js";
import { checkedRow } from "../check-row.js";
import { oneAtATime } from "../one-at-a-time.js";
import type { Query, Reading, Store } from "../store.js";
import type { TableName } from "../tables.js";
import type { ReadingOf, StoreOrder } from "./store-order.js";

const WORKER = new URL("./store-worker.js", import.meta.url);

/** An order without the path, which is the same for all. */
type Asked = StoreOrder extends infer Order ? (Order extends unknown ? Omit<Order, "path"> : never) : never;

/**
 * The embedded database in a thread of its own, for a process that must answer others meanwhile: a commit waits for the disk, and on a busy
 * one that takes a tenth of a second and more.
 *
 * @param onDeath takes the reason if the thread has died; what was under way has failed then, and the next order starts another.
 * @throws what `embeddedStore` throws, as AnomalyError.
 */
export async function threadedStore(
  path: string,
  onDeath: (reason: string) => void,
  script: URL = WORKER,
): Promise<Store> {
  const lane = openLane(script, onDeath);
  const ask = <R>(order: Asked) => lane.do<StoreOrder, R>({ ...order, path } as StoreOrder);
  const inTurn = oneAtATime();
  const reading = (inside: boolean): Reading => ({
    get: (table, id) => ask({ kind: "get", table, inside, what: id }),
    find: (table, query = {}) => ask({ kind: "find", table, inside, what: query as Query<TableName> as ReadingOf }),
  });
  const inside = reading(true);
  await ask({ kind: "open" }).catch(async (thrown) => {
    await lane.close();
    throw thrown;
  });
  return {
    ...reading(false),
    transaction: (work) =>
      inTurn(async () => {
        await ask({ kind: "begin" });
        let isDone = false;
        try {
          const result = await work({
            ...inside,
            // Checked here too: what is thrown is then of the class that callers know.
            put: async (table, row) => ask({ kind: "put", table, row: await checkedRow(table, row) }),
            add: async (table, row) => ask({ kind: "add", table, row: await checkedRow(table, row) }),
            remove: (table, id) => ask({ kind: "remove", table, id }),
          });
          isDone = true;
          await ask({ kind: "end", commit: true });
          return result;
        } catch (thrown) {
          // Where the thread has died, so has the transaction.
          if (!isDone) await ask({ kind: "end", commit: false }).catch(() => undefined);
          throw thrown;
        }
      }),
    check: () => ask({ kind: "check" }),
    vacuum: () => inTurn(() => ask({ kind: "vacuum" })),
    sizeBytes: () => ask({ kind: "sizeBytes" }),
    place: path,
    close: () =>
      inTurn(async () => {
        await ask({ kind: "close" });
        await lane.close();
      }),
  };
}
