import { closeSync, openSync, readSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { outputError } from "../files/atomic.js";
import { makeFolder } from "../files/folder.js";

/**
 * A file that doubles are put into while they are not worked on, in the machine's byte order: what is too much for memory. It is
 * no result, so nothing is synced; whoever made its folder removes it.
 */
export class Scratch {
  readonly path: string;
  private file: number | undefined;
  private bytes = 0;

  constructor(path: string) {
    this.path = path;
  }

  /**
   * @returns the byte that the values begin at.
   * @throws OutputError if there is no room or no right to write.
   */
  append(values: Float64Array): number {
    const at = this.bytes;
    const data = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    try {
      this.file ??= this.open();
      let done = 0;
      while (done < data.length) done += writeSync(this.file, data, done, data.length - done, at + done);
    } catch (cause) {
      throw outputError(this.path, cause);
    }
    this.bytes += data.length;
    return at;
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }

  private open(): number {
    makeFolder(dirname(this.path));
    return openSync(this.path, "w");
  }
}

/**
 * Reads doubles that a scratch file holds from a byte on.
 *
 * @throws RangeError if the file ends before them, or the error of the file system.
 */
export function readDoubles(
  path: string,
  runs: readonly { readonly byte: number; readonly length: number }[],
): Float64Array {
  const values = new Float64Array(runs.reduce((sum, { length }) => sum + length, 0));
  const data = new Uint8Array(values.buffer);
  const file = openSync(path, "r");
  try {
    let at = 0;
    for (const { byte, length } of runs) {
      const end = at + length * values.BYTES_PER_ELEMENT;
      for (let done = 0; at < end; ) {
        const read = readSync(file, data, at, end - at, byte + done);
        if (read === 0) throw new RangeError(`the scratch file ${path} ends before the values that it should hold`);
        done += read;
        at += read;
      }
    }
  } finally {
    closeSync(file);
  }
  return values;
}
