import type { Query, Reading } from "./store.js";
import type { Rows, TableName } from "./tables.js";

/** Rows that are read at once: a few megabytes of episodes. */
const PAGE_ROWS = 1000;

/** All rows of a query, page by page, so that memory holds one page. What is written meanwhile may be there or not. */
export async function* eachRow<T extends TableName>(
  reading: Reading,
  table: T,
  query: Omit<Query<T>, "limit" | "after"> = {},
): AsyncGenerator<Rows[T]> {
  let after: Rows[T] | undefined;
  do {
    const page: readonly Rows[T][] = await reading.find(table, {
      ...query,
      limit: PAGE_ROWS,
      ...(after && { after }),
    } as Query<T>);
    yield* page;
    after = page.length < PAGE_ROWS ? undefined : page[page.length - 1];
  } while (after !== undefined);
}
