import { InputError } from "../errors/errors.js";
import { eachRow } from "./each-row.js";
import type { EpisodeRow } from "./rows.js";
import type { Reading } from "./store.js";

/** The episode of an id, or of its beginning if it is the only one. @throws InputError where there is none, or there are several. */
export async function findEpisode(reading: Reading, id: string): Promise<EpisodeRow> {
  const exact = await reading.get("episodes", id);
  if (exact !== undefined) return exact;
  const found: EpisodeRow[] = [];
  for await (const row of eachRow(reading, "episodes")) if (row.id.startsWith(id)) found.push(row);
  if (found.length === 1) return found[0];
  if (found.length === 0) {
    throw new InputError(
      "episode",
      `the store holds no episode ${JSON.stringify(id.slice(0, 100))}; anomaly history lists them`,
    );
  }
  const few = found.slice(0, 5).map((row) => row.id);
  throw new InputError(
    "episode",
    `${found.length} episodes begin with ${id}: ${few.join(", ")}${found.length > few.length ? " …" : ""}; give more of the id`,
  );
}
