/** C1 controls, what orders text from right to left, what has no width, and line ends that are none to most readers. */
const INVISIBLE =
  /[\u0080-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
const CONTROLS = /[\u0000-\u001f\u007f]/g;

const escaped = (text: string) =>
  Array.from(text.split(""), (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");

/**
 * Text with everything that a reader cannot see, or that changes the order in which the rest is seen, written as JSON writes it:
 * `\u202e`. Inside JSON that is the same value; in a line for people it is there to be seen. Line feeds, tabs and terminal
 * colours stay.
 */
export function escapeInvisible(text: string): string {
  return text.replace(INVISIBLE, escaped);
}

/** `escapeInvisible` for text that is not ours: control characters, which steer a terminal, are written out as well. */
export function visible(text: string): string {
  return escapeInvisible(text.replace(CONTROLS, escaped));
}
