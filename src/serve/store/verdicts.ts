import type { Store } from "../../store/store.js";
import { giveVerdict, newestVerdict, type Verdict } from "../../store/verdicts.js";

export type { Verdict };

export function isVerdict(text: unknown): text is Verdict {
  return text === "true" || text === "false" || text === "expected";
}

/** What people said of episodes, as the pages show and take it. */
export interface Verdicts {
  readonly of: (id: string) => Promise<Verdict | null>;
  /** @throws OutputError if it cannot be kept. */
  readonly give: (id: string, job: string, verdict: Verdict, atMs: number) => Promise<void>;
}

export function storedVerdicts(store: Store): Verdicts {
  return {
    of: async (id) => (await newestVerdict(store, id))?.verdict ?? null,
    give: async (episode, job, verdict, atMs) => {
      await giveVerdict(store, { episode, job, verdict, author: null, note: null }, atMs);
    },
  };
}
