import type { WholeContext } from "./commands/spec.js";

/** Who says so: the option, else the account's name; null where the environment says none. */
export function authorOf({
  options,
  streams,
}: Pick<WholeContext, "streams"> & { readonly options: { readonly author: string | undefined } }): string | null {
  return options.author ?? (streams.env["USER"] || streams.env["LOGNAME"] || null);
}
