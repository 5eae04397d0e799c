import { type Matched, matchesAll, parseMatchers } from "../records/matcher.js";
import { formatUtc } from "../time/format.js";
import type { SilenceRow } from "./rows.js";
import type { Reading, Store } from "./store.js";

export type NewSilence = Pick<SilenceRow, "id" | "matchers" | "from" | "until" | "author" | "note">;

/** @throws InputError for matchers that are none. */
export async function addSilence(store: Store, silence: NewSilence, nowMs: number): Promise<void> {
  parseMatchers(silence.matchers);
  await store.transaction((transaction) => transaction.put("silences", { ...silence, created_at: formatUtc(nowMs) }));
}

/** Ends a silence now; one that has not begun is removed. @returns false where none of this id is ahead or under way. */
export function endSilence(store: Store, id: string, nowMs: number): Promise<boolean> {
  return store.transaction(async (transaction) => {
    const silence = await transaction.get("silences", id);
    if (silence === undefined || Date.parse(silence.until) <= nowMs) return false;
    if (Date.parse(silence.from) >= nowMs) return transaction.remove("silences", id);
    await transaction.put("silences", { ...silence, until: formatUtc(nowMs) });
    return true;
  });
}

/** Silences under way, or also those ahead. */
export async function silencesAt(
  reading: Reading,
  nowMs: number,
  { ahead = false }: { readonly ahead?: boolean } = {},
): Promise<readonly SilenceRow[]> {
  const notOver = await reading.find("silences", { fromMs: nowMs + 1 });
  return ahead ? notOver : notOver.filter(({ from }) => Date.parse(from) <= nowMs);
}

/** The first of these silences that holds for it; undefined where none does. */
export function silencing<S extends { readonly matchers: readonly string[] }>(
  silences: readonly S[],
  matched: Matched,
): S | undefined {
  return silences.find(({ matchers }) => matchesAll(parseMatchers(matchers), matched));
}
