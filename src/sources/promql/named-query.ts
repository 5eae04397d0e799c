/** A PromQL or MetricsQL expression, and the name that its series are known by where one was given. */
export interface NamedQuery {
  readonly name?: string;
  readonly expression: string;
}

/** No expression begins with a word and a single `=`: that is only written inside braces, and `==` compares. */
const NAMED = /^\s*([A-Za-z_][\w.:-]*)\s*=(?![=~])\s*(\S[\s\S]*)$/;

/**
 * @returns undefined where there is no expression.
 * @example readQuery("lag=max by (instance) (lag_seconds)") // { name: "lag", expression: "max by (instance) (lag_seconds)" }
 */
export function readQuery(text: string): NamedQuery | undefined {
  const named = NAMED.exec(text);
  if (named !== null) return { name: named[1], expression: named[2].trim() };
  const expression = text.trim();
  return expression === "" || /^[A-Za-z_][\w.:-]*\s*=$/.test(expression) ? undefined : { expression };
}

/** The query as it is written on the command line. */
export function writtenQuery({ name, expression }: NamedQuery): string {
  return name === undefined ? expression : `${name}=${expression}`;
}
