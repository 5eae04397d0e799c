/** Whether a text is the path of a module of one's own. Addresses of other machines never are. */
export function isOwnName(name: string): boolean {
  return /^\.{0,2}\/.+\.m?js$/.test(name);
}
