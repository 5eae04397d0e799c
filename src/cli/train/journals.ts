import { createHash } from "node:crypto";
import { openPartJournal, type PartJournal } from "../../files/part-journal.js";
import { toolVersion } from "../../files/tool-version.js";

/** The journals of one training, one for each detector whose parts take long. */
export interface Journals {
  /** @param work all that its results depend on: another one begins again. */
  readonly open: (detector: string, work: unknown) => PartJournal;
  readonly close: () => void;
  /** The model is saved. */
  readonly remove: () => void;
}

/** @param prefix of the files, beside the model. */
export function journalsAt(prefix: string): Journals {
  const opened: PartJournal[] = [];
  return {
    open: (detector, work) => {
      const key = createHash("sha256")
        .update(JSON.stringify([toolVersion(), process.version, work]))
        .digest("hex");
      const journal = openPartJournal(`${prefix}.${detector}.parts`, key);
      opened.push(journal);
      return journal;
    },
    close: () => {
      for (const journal of opened) journal.close();
    },
    remove: () => {
      for (const journal of opened) journal.remove();
    },
  };
}
