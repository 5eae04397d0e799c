import { answerTasks } from "../../threads/lane-thread.js";
import type { Reading, Store, Transaction } from "../store.js";
import type { Rows, TableName } from "../tables.js";
import { embeddedStore } from "./embedded-store.js";
import type { StoreOrder } from "./store-order.js";

/** The thread of a store: the database is called here, where nobody waits for the disk but who wants it written. */

interface Running {
  readonly transaction: Transaction;
  /** Ends it, and waits until it is written. */
  readonly end: (commit: boolean) => Promise<void>;
}

/** Ends a transaction without its rows. */
class Undone extends Error {}

let opened: Store | undefined;
let running: Running | undefined;

answerTasks<StoreOrder, unknown>((order) => {
  opened ??= embeddedStore(order.path);
  switch (order.kind) {
    case "open":
      return null;
    case "check":
      return opened.check();
    case "vacuum":
      return opened.vacuum();
    case "sizeBytes":
      return opened.sizeBytes();
    case "begin":
      return begin(opened);
    case "end":
      return inTransaction().end(order.commit);
    case "get":
      return readingOf(opened, order.inside).get(order.table, order.what as string);
    case "find":
      return readingOf(opened, order.inside).find(order.table, order.what as object);
    case "put":
      return inTransaction().transaction.put(order.table, order.row as Rows[TableName]);
    case "add":
      return inTransaction().transaction.add(order.table, order.row as Rows[TableName]);
    case "remove":
      return inTransaction().transaction.remove(order.table, order.id);
    case "close":
      return opened.close();
  }
});

/** Settles once it has begun; it then waits for its end. */
function begin(store: Store): Promise<null> {
  return new Promise((begun, failed) => {
    const whole = store.transaction(
      (transaction) =>
        new Promise<void>((commit, undo) => {
          running = {
            transaction,
            end: async (isCommit) => {
              running = undefined;
              if (isCommit) commit();
              else undo(new Undone());
              await whole.catch((thrown) => {
                if (!(thrown instanceof Undone)) throw thrown;
              });
            },
          };
          begun(null);
        }),
    );
    whole.catch(failed);
  });
}

function inTransaction(): Running {
  // Of the thread before this one, which has died: nothing of it is written.
  if (running === undefined) throw new Error("the transaction has ended");
  return running;
}

function readingOf(store: Store, inside: boolean): Reading {
  return inside ? inTransaction().transaction : store;
}
