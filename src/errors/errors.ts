/**
 * Every failure the toolkit can name, each with its exit status.
 *
 * A message names the thing, what was got, what was needed and the next step, in one sentence or two; it never holds
 * a secret. Findings are data (see `anomalies/record.ts`) and never errors.
 */

/** Exit statuses of the command line. 130 and 143 are the shell's own for SIGINT (128 + 2) and SIGTERM (128 + 15). */
export const EXIT = { ok: 0, failed: 1, usage: 2, anomaly: 3, locked: 75, interrupted: 130, terminated: 143 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface ErrorOptions {
  /** The error that led to this one; shown with `--verbose` only. */
  readonly cause?: unknown;
}

/** Base of all errors that are shown to the user as one sentence without a stack. */
export class AnomalyError extends Error {
  /** Stable, machine-readable name of the kind of failure, e.g. `model.checksum`. */
  readonly code: string;
  readonly exitCode: ExitCode;

  constructor(code: string, exitCode: ExitCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.exitCode = exitCode;
  }
}

/** The command line cannot be understood: a wrong option, value or combination. Exit 2. */
export class UsageError extends AnomalyError {
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(`usage.${code}`, EXIT.usage, message, options);
  }
}

/** `anomaly.yaml` or the environment holds something that cannot be used. Exit 2. */
export class ConfigError extends AnomalyError {
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(`config.${code}`, EXIT.usage, message, options);
  }
}

/** A file or stdin holds something that cannot be read as what it should be. Exit 1. */
export class InputError extends AnomalyError {
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(`input.${code}`, EXIT.failed, message, options);
  }
}

/** A metrics server did not give what was asked of it. Exit 1. */
export class SourceError extends AnomalyError {
  /** What the server said of it in its own words, fit to be shown; empty where it said nothing. */
  readonly said: string;
  constructor(
    code: string,
    message: string,
    { said = "", ...options }: ErrorOptions & { readonly said?: string } = {},
  ) {
    super(`source.${code}`, EXIT.failed, message, options);
    this.said = said;
  }
}

/** A model is missing, damaged, too new or does not fit the data. Exit 1. */
export class ModelError extends AnomalyError {
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(`model.${code}`, EXIT.failed, message, options);
  }
}

/** A result could not be written: folder missing or read-only, disk full. Exit 1. */
export class OutputError extends AnomalyError {
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(`output.${code}`, EXIT.failed, message, options);
  }
}

/** Another run holds the lock. Exit 75 (EX_TEMPFAIL of sysexits.h), so that cron wrappers can distinguish it. */
export class LockedError extends AnomalyError {
  constructor(message: string, options?: ErrorOptions) {
    super("locked", EXIT.locked, message, options);
  }
}

/** The message of anything that was thrown, for use inside another message. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
