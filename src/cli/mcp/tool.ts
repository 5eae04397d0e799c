import type { z } from "zod";
import { EXIT, InputError } from "../../errors/errors.js";
import type { Call, Called } from "./call-command.js";

/** What a call of a tool has around it. */
export interface ToolContext {
  readonly call: (call: Omit<Call, "job"> & { readonly job?: string }) => Promise<Called>;
  /** CSV files and folders of `--data`. */
  readonly data: readonly string[];
  /** The records file that the server was given. */
  readonly records: string | undefined;
}

/** A tool: its words, the shapes of what it takes and answers, and what it does. */
export interface Tool<In extends z.ZodRawShape = z.ZodRawShape, Out extends z.ZodRawShape = z.ZodRawShape> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: In;
  readonly output: Out;
  /** Changes what is kept; there only with --allow-write. */
  readonly writes: boolean;
  readonly run: (input: z.infer<z.ZodObject<In>>, context: ToolContext) => Promise<unknown>;
}

/** Keeps the shapes of a tool's input and output together with its type; the list of tools forgets them. */
export function tool<In extends z.ZodRawShape, Out extends z.ZodRawShape>(one: Tool<In, Out>): Tool {
  return one as unknown as Tool;
}

/**
 * The JSON that a command has printed.
 *
 * @throws InputError with the command's own sentences where it printed none.
 */
export function printed(called: Called): unknown {
  if (called.stdout.trim() === "") {
    throw new InputError("nothing", called.warnings.join("; ") || `the command ended with status ${called.exitCode}`);
  }
  return JSON.parse(called.stdout);
}

/** `printed`, of a command for which a status other than 0 means that it has no answer. */
export function answered(called: Called): unknown {
  if (called.exitCode !== EXIT.ok) throw new InputError("failed", called.warnings.join("; ") || "it failed");
  return printed(called);
}
