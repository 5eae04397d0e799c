import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import { InputError } from "../../errors/errors.js";
import { outputError, writeFileAtomic } from "../../files/atomic.js";
import { applyWritten, emptyMaps, type RowMaps, type Written } from "../row-maps.js";
import { TABLE_NAMES } from "../tables.js";
import { checkFirstLine, FIRST_LINE_BYTES, lineOf, newFirstLine, writtenBy } from "./log-line.js";

/** Rows of a line when the log is replaced: enough that lines cost nothing, few enough that one fits into memory easily. */
const ROWS_PER_LINE = 100;
/** A log smaller than this is not worth replacing. */
const LEAST_BYTES = 1 << 20;
const PIECE_BYTES = 1 << 20;
const NEWLINE = 10;

/**
 * The log as far as this process has read it. Lines are only ever appended, or a new file replaces the old one, so a reader
 * needs no lock: it continues where it stopped, or begins again where the file is another one.
 */
export class LogFile {
  maps: RowMaps = emptyMaps();
  private firstLine = "";
  /** End of the last whole line that was read; 0 where there is no log yet. */
  private offset = 0;
  private lines = 0;
  /** Rows that the log has written or removed so far. */
  private written = 0;

  readonly path: string;
  private readonly note: (sentence: string) => void;

  constructor(path: string, note: (sentence: string) => void) {
    this.path = path;
    this.note = note;
  }

  /** Reads what was written since. What follows the last newline is being written just now, or torn. @throws InputError for a damaged log. */
  refresh(): void {
    const fd = this.open("r");
    if (fd === undefined) this.restart("");
    else this.with(fd, () => this.readOn(fd));
  }

  /**
   * Appends a transaction so that it outlives the process and a power cut. Call it under the lock, after `refresh`: then what follows
   * the last newline is of a writer that died, and is dropped.
   */
  append(written: readonly Written[]): void {
    if (written.length === 0) return;
    if (this.offset === 0) {
      writeFileAtomic(this.path, newFirstLine());
      this.refresh();
    }
    const fd = this.open("r+");
    if (fd === undefined) throw outputError(this.path, new Error("it was removed while it was written"));
    this.with(fd, () => {
      const torn = fstatSync(fd).size - this.offset;
      if (torn > 0) {
        ftruncateSync(fd, this.offset);
        this.note(
          `${this.path} ended in a line that was never finished; its ${torn} bytes are dropped, nothing that was confirmed is lost`,
        );
      }
      const bytes = Buffer.from(lineOf(written), "utf8");
      try {
        for (let done = 0; done < bytes.length; ) {
          done += writeSync(fd, bytes, done, bytes.length - done, this.offset + done);
        }
        fsyncSync(fd);
      } catch (cause) {
        // What is half there must not be taken for a line by whoever comes next.
        ftruncateSync(fd, this.offset);
        throw outputError(this.path, cause);
      }
      this.offset += bytes.length;
      this.lines++;
      this.apply(written);
    });
  }

  /** Replaces the log by one with what still holds. Call it under the lock, after `refresh`. */
  compact(): void {
    if (this.offset === 0) return;
    writeFileAtomic(this.path, this.wholeLog());
    this.refresh();
  }

  /** Whether most of the log is about rows that were replaced or removed since. */
  isMostlyOld(): boolean {
    if (this.offset < LEAST_BYTES) return false;
    return this.written > 2 * TABLE_NAMES.reduce((sum, table) => sum + this.maps[table].size, 0);
  }

  private *wholeLog(): Generator<Uint8Array> {
    yield Buffer.from(newFirstLine(), "utf8");
    for (const table of TABLE_NAMES) {
      const rows = [...this.maps[table].values()];
      for (let i = 0; i < rows.length; i += ROWS_PER_LINE) {
        const piece = rows.slice(i, i + ROWS_PER_LINE).map((row) => ({ table, id: row.id, row }));
        yield Buffer.from(lineOf(piece), "utf8");
      }
    }
  }

  private open(flags: "r" | "r+"): number | undefined {
    try {
      return openSync(this.path, flags);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      if (flags === "r+") throw outputError(this.path, cause);
      throw new InputError("store", `cannot read ${this.path}; check that it is a file and may be read`, { cause });
    }
  }

  private with(fd: number, work: () => void): void {
    try {
      work();
    } finally {
      closeSync(fd);
    }
  }

  private restart(firstLine: string): void {
    this.maps = emptyMaps();
    this.firstLine = firstLine;
    this.offset = 0;
    this.lines = 0;
    this.written = 0;
  }

  private apply(written: readonly Written[]): void {
    applyWritten(this.maps, written);
    this.written += written.length;
  }

  private readOn(fd: number): void {
    const head = Buffer.alloc(FIRST_LINE_BYTES);
    const firstLine = head.toString("utf8", 0, readSync(fd, head, 0, FIRST_LINE_BYTES, 0));
    if (firstLine !== this.firstLine) {
      checkFirstLine(firstLine, this.path);
      this.restart(firstLine);
      this.offset = FIRST_LINE_BYTES;
      this.lines = 1;
    }
    const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, Math.max(1, fstatSync(fd).size - this.offset)));
    let rest: Buffer = Buffer.alloc(0);
    for (let at = this.offset; ; ) {
      const got = readSync(fd, piece, 0, piece.length, at);
      if (got === 0) return;
      at += got;
      const read = Buffer.concat([rest, piece.subarray(0, got)]);
      let begin = 0;
      for (let end = read.indexOf(NEWLINE); end >= 0; end = read.indexOf(NEWLINE, begin)) {
        this.lines++;
        this.apply(writtenBy(read.toString("utf8", begin, end), this.path, this.lines));
        this.offset += end + 1 - begin;
        begin = end + 1;
      }
      rest = read.subarray(begin);
    }
  }
}
