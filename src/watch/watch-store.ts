import { readdirSync, rmSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { Live } from "./live.js";
import type { LiveFiles } from "./live-series.js";
import { hash } from "./replay-start.js";
import {
  COLD_FILES,
  type PackedWatched,
  packWatched,
  unpackWatched,
  type WatchEntry,
  type WatchFile,
} from "./state-file.js";
import type { Watched } from "./watched.js";

/**
 * About this many series are in one file: at one-minute steps 25 to 50 MB. A run writes one of the files, so that of 10,000
 * series not all 400 MB are written every minute; the series of the others continue from checkpoints some runs old.
 */
const SERIES_A_FILE = 1250;
/** A file of which more series than this share are new is written at once. */
const NEW_SHARE = 0.05;
/** Where series wait that are new, but whose file is not due. */
const WAITING = "new";

/** A series with the state that is remembered of it. */
export interface Remembered {
  readonly key: string;
  /** Unpacked when it is read; overwritten by that of the next series, so that it must not be kept. */
  readonly watched: Watched;
  /** A new state is wanted. */
  readonly isDue: boolean;
  /** Its scorer, if an earlier run of this process has kept it and nothing else was remembered since. */
  readonly live: Live | undefined;
}

/** The remembered states of a model's series, in several files. */
export class WatchStore {
  private readonly io: LiveFiles;
  private readonly path: string;
  private readonly belongsTo: string;
  private readonly isOfUse: (entry: WatchEntry) => boolean;
  private readonly files: readonly (WatchFile | undefined)[];
  private readonly waiting: ReadonlyMap<string, PackedWatched>;
  private readonly due: number;
  private keys: ReadonlySet<string> | undefined;
  private readonly news = new Map<string, PackedWatched>();
  private current: PackedWatched | undefined;

  /**
   * @param path the files' name without its ending. @param belongsTo what the states were made by and for; others are not read.
   * @param seriesCount about how many there will be: it says how many files a first run begins. Later runs keep their number, so
   * that a series more drops no file. @param isOfUse a state that is not will be forgotten. @param io where files come from.
   */
  constructor(
    path: string,
    belongsTo: string,
    seriesCount: number,
    isOfUse: (entry: WatchEntry) => boolean,
    io: LiveFiles = COLD_FILES,
  ) {
    this.io = io;
    this.path = path;
    this.belongsTo = belongsTo;
    this.isOfUse = isOfUse;
    const count = filesSoFar(path) ?? Math.max(1, Math.ceil(seriesCount / SERIES_A_FILE));
    this.files = Array.from({ length: count }, (_, file) => this.io.open(this.pathOf(file, count), belongsTo));
    const waiting = this.io.open(this.pathOf(WAITING), belongsTo)?.read() ?? new Map<string, PackedWatched>();
    this.waiting = new Map([...waiting].filter(([, packed]) => isOfUse(packed)));
    const oldest = this.files.map((file) =>
      Math.min(...(file?.entries ?? []).filter(isOfUse).map(({ checkpointMs }) => checkpointMs)),
    );
    this.due = oldest.indexOf(Math.min(...oldest));
  }

  /** The checkpoints of all series that are remembered and useful. */
  checkpoints(): Map<string, number> {
    const entries = [
      ...this.files.flatMap((file) => file?.entries ?? []).filter(this.isOfUse),
      ...this.waiting.values(),
    ];
    return new Map(entries.map(({ key, checkpointMs }) => [key, checkpointMs]));
  }

  /** Whether a series was seen by an earlier run, even if its state is of no use now. */
  has(key: string): boolean {
    this.keys ??= new Set([
      ...this.files.flatMap((file) => file?.entries ?? []).map((entry) => entry.key),
      ...this.waiting.keys(),
    ]);
    return this.keys.has(key);
  }

  /** Every remembered series, one after the other; the states of one file are in memory at a time. */
  *each(): Generator<Remembered> {
    let scratch: Float64Array | undefined;
    const memory = { bytes: new ArrayBuffer(0) };
    const unpacked = (packed: PackedWatched) => {
      const watched = unpackWatched(packed, scratch);
      if (watched.scorer instanceof Float64Array) scratch = watched.scorer;
      return watched;
    };
    for (const [number, file] of this.files.entries()) {
      const states = new Map([...(file?.read(memory) ?? [])].filter(([, packed]) => this.isOfUse(packed)));
      for (const [key, packed] of this.waiting) if (this.fileOf(key) === number) states.set(key, packed);
      for (const [key, packed] of states) {
        this.current = packed;
        yield {
          key,
          isDue: number === this.due,
          live: this.io.live?.of(packed),
          get watched() {
            return unpacked(packed);
          },
        };
      }
    }
    this.current = undefined;
  }

  /** Whether a live series of this size may be kept. */
  hasRoom(bytes: number): boolean {
    return this.io.live?.hasRoom(bytes) ?? false;
  }

  /** Keeps the scorer of the series that `each` has come to, for the next run of this process; undefined: lets go of it. */
  keepLive(live: Live | undefined): void {
    if (this.current === undefined) return;
    if (live === undefined) this.io.live?.drop(this.current);
    else this.io.live?.keep(this.current, live);
  }

  /** As `put`, of a live series that has moved to its next checkpoint. */
  putLive(checkpoint: PackedWatched, live: Live): void {
    this.keepLive(undefined);
    this.io.live?.keep(checkpoint, live);
    this.news.set(checkpoint.key, checkpoint);
  }

  /** Takes the new state of a series; it is in a file only after `write`. */
  put(key: string, watched: Watched): void {
    this.news.set(key, packWatched(key, watched));
  }

  /** Writes the file that is due, and those of which many series are new. @throws OutputError if one cannot be written. */
  write(): void {
    const waiting = new Map([...this.waiting, ...this.news]);
    this.files.forEach((file, number) => {
      const news = [...waiting].filter(([key]) => this.fileOf(key) === number);
      const size = Math.max(news.length, file?.entries.length ?? 0);
      if (news.length === 0 || (number !== this.due && news.length <= NEW_SHARE * size)) return;
      const states = new Map(news);
      // Mostly all of the file is new, and then there is nothing to read it for.
      const isWhole = (file?.entries ?? []).every((entry) => states.has(entry.key));
      for (const [key, packed] of isWhole ? [] : (file?.read() ?? [])) {
        if (!states.has(key) && this.isOfUse(packed)) states.set(key, packed);
      }
      this.io.write(this.pathOf(number), this.belongsTo, states.values());
      for (const [key] of news) waiting.delete(key);
    });
    if (waiting.size > 0) this.io.write(this.pathOf(WAITING), this.belongsTo, waiting.values());
    else rmSync(this.pathOf(WAITING), { force: true });
  }

  private fileOf(key: string): number {
    return hash(key) % this.files.length;
  }

  private pathOf(file: number | typeof WAITING, count = this.files.length): string {
    return `${this.path}.${file === WAITING ? file : `${file + 1}of${count}`}.watch`;
  }
}

/** How many files earlier runs have split the series into; undefined where there are none. */
function filesSoFar(path: string): number | undefined {
  const name = new RegExp(`^${basename(path).replace(/[.+]/g, "\\$&")}\\.\\d+of(\\d+)\\.watch$`);
  let names: readonly string[] = [];
  try {
    names = readdirSync(dirname(path));
  } catch {
    // No earlier run.
  }
  const counts = names.flatMap((one) => name.exec(one)?.slice(1, 2).map(Number) ?? []);
  return counts.length === 0 ? undefined : Math.max(...counts);
}
