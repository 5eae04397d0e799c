/** Numbers as they are remembered; the kind of array says in how many bytes each. */
export type Remembered = Float64Array | Float32Array | Int32Array | Int16Array | Uint8Array;

/**
 * Walks through all that something remembers, in a fixed order. What is walked through says once what its state is; whether that is
 * measured, saved or restored is up to the cursor.
 */
export interface StateCursor {
  /** Whether what it meets is replaced by what was saved; whatever is derived from it has to be derived again then. */
  readonly isRestoring: boolean;
  /** @returns what the number is from now on. */
  number(value: number): number;
  /** Its elements may change, its length never does. */
  array(values: Remembered): void;
}

/** Something with a state. */
export interface Stateful {
  walk(state: StateCursor): void;
}

const NUMBER_BYTES = 8;

/** Bytes that a state takes. */
export function stateBytes(of: Stateful): number {
  let bytes = 0;
  of.walk({
    isRestoring: false,
    number(value) {
      bytes += NUMBER_BYTES;
      return value;
    },
    array({ byteLength }) {
      bytes += byteLength;
    },
  });
  return bytes;
}

/**
 * A copy of the state, in the machine's byte order: no number is converted.
 *
 * @param bytes as `stateBytes` says. @param spare is written into where it has as many.
 */
export function saveState(of: Stateful, bytes: number, spare?: Uint8Array): Uint8Array {
  const saved = spare?.length === bytes ? spare : new Uint8Array(bytes);
  const view = new DataView(saved.buffer, saved.byteOffset, saved.byteLength);
  let at = 0;
  of.walk({
    isRestoring: false,
    number(value) {
      view.setFloat64(at, value);
      at += NUMBER_BYTES;
      return value;
    },
    array(values) {
      saved.set(asBytes(values), at);
      at += values.byteLength;
    },
  });
  return saved;
}

/** @param saved as `saveState` gave it; a state of another length must have been refused. */
export function restoreState(of: Stateful, saved: Uint8Array): void {
  const view = new DataView(saved.buffer, saved.byteOffset, saved.byteLength);
  let at = 0;
  of.walk({
    isRestoring: true,
    number() {
      at += NUMBER_BYTES;
      return view.getFloat64(at - NUMBER_BYTES);
    },
    array(values) {
      const until = at + values.byteLength;
      asBytes(values).set(saved.subarray(at, until));
      at = until;
    },
  });
}

function asBytes({ buffer, byteOffset, byteLength }: Remembered): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
