/** Kinds that say themselves which way they go, or go nowhere. */
const WITHOUT_WAY: readonly string[] = ["drop", "stall", "silence", "lateness", "variance"];

/** `level shift up`, `drop`, `change of variance` */
export function kindWords({
  kind,
  direction,
}: {
  readonly kind: string;
  readonly direction: "up" | "down" | "none";
}): string {
  const words = kind === "variance" ? "change of variance" : kind.replaceAll("_", " ");
  return direction === "none" || WITHOUT_WAY.includes(kind) ? words : `${words} ${direction}`;
}
