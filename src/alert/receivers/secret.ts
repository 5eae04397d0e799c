import { ConfigError } from "../../errors/errors.js";
import { readSecret } from "../../sources/credentials.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads a receiver's secret: of the variable, or of the file that `<variable>_FILE` names, which is read again each time. */
export function optionalSecret(variable: string, env: Environment): () => string | undefined {
  return () => {
    const direct = env[variable];
    if (direct !== undefined && direct !== "") return readSecret(direct);
    const file = env[`${variable}_FILE`];
    return file === undefined || file === "" ? undefined : readSecret({ file });
  };
}

/** The same for what cannot be done without. @throws ConfigError, when it is read, where neither variable is set. */
export function requiredSecret(variable: string, env: Environment, what: string): () => string {
  const read = optionalSecret(variable, env);
  return () => {
    const secret = read();
    if (secret !== undefined) return secret;
    throw new ConfigError("secret", `${what} needs ${variable} or ${variable}_FILE in the environment`);
  };
}
