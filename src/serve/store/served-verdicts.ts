import { messageOf } from "../../errors/errors.js";
import { judgedEpisodes } from "../../store/judged.js";
import type { Store } from "../../store/store.js";
import type { JudgedEpisode } from "../../verdicts/judged.js";
import type { House } from "../room.js";

/** The verdicts that runs are given, as they are now: one that was just given counts from the next run on. */
export function servedVerdicts(
  store: Store,
  isOn: boolean,
  log: House["log"],
): () => Promise<readonly JudgedEpisode[]> {
  return async () => {
    if (!isOn) return [];
    try {
      return await judgedEpisodes(store);
    } catch (thrown) {
      log("error", `the store's verdicts are missing: ${messageOf(thrown)}`);
      return [];
    }
  };
}
