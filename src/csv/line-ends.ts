const LF = 10;
const CR = 13;

/**
 * Whole lines with CR CR LF (text mode on Windows writes CR LF that way) as CR LF, in place; the part of `bytes` that is then in use.
 * Lines that end otherwise cost one search.
 *
 * @example oneLineEnd(Buffer.from("1,2\r\r\n3,4\n")).toString() // "1,2\r\n3,4\n"
 */
export function oneLineEnd(bytes: Buffer): Buffer {
  const first = bytes.indexOf("\r\r");
  if (first < 0) return bytes;
  let written = first;
  for (let read = first; read < bytes.length; ) {
    let after = read;
    while (bytes[after] === CR) after++;
    const ends = after === bytes.length || bytes[after] === LF;
    // Carriage returns within a line are left as they are.
    if (ends && after > read + 1) read = after - 1;
    do bytes[written++] = bytes[read++];
    while (read < after);
  }
  return bytes.subarray(0, written);
}
