import type { SyntaxNode } from "@lezer/common";
import { parser } from "@prometheus-io/lezer-promql";
import { Refusal } from "../http/guard.js";

/** What may be asked of a scored slot, by the name that it has in expressions. */
export const DETECTIONS = ["score", "observed", "expected", "lower", "upper", "band"] as const;
export type Detection = (typeof DETECTIONS)[number];

export type MatchOp = "=" | "!=" | "=~" | "!~";
export interface Matcher {
  readonly label: string;
  readonly op: MatchOp;
  readonly value: string;
}

export type Comparison = ">" | ">=" | "<" | "<=" | "==" | "!=";

/** What is understood: all else is for the server that the job asks. */
export type Query =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "selector"; readonly matchers: readonly Matcher[] }
  | {
      readonly kind: "detection";
      readonly what: Detection;
      /** PromQL, as it was written. */
      readonly expression: string;
      /** The job whose upstream and detector are used; undefined: the only one there is. */
      readonly job: string | undefined;
    }
  | {
      readonly kind: "comparison";
      readonly left: Query;
      readonly op: Comparison;
      readonly right: number;
      /** 0 and 1 instead of leaving out what does not hold. */
      readonly isBool: boolean;
    };

const UNDERSTOOD =
  'understood are selectors such as anomaly_score{job="node"}, anomaly_score(EXPR), anomaly_band(EXPR), anomaly_expected|lower|upper|observed(EXPR), and these compared with a number';
const CALL = /^\s*anomaly_([a-z]+)\s*\(([\s\S]*)\)\s*$/;
const JOB_ARGUMENT = /^([\s\S]*\S)\s*,\s*("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')\s*$/;

/**
 * Reads an expression with the grammar of Prometheus. Our own call around it comes off first: the grammar knows no functions but
 * PromQL's.
 *
 * @throws Refusal (400) for what is no PromQL or not understood.
 */
export function parseQuery(text: string): Query {
  const compared = /^([\s\S]*\))\s*(>=|<=|==|!=|>|<)\s*(bool\s+)?([-+]?[\d.][\w.+-]*)\s*$/.exec(text);
  if (compared !== null && CALL.test(compared[1])) {
    const [, left, op, bool, number] = compared;
    return {
      kind: "comparison",
      left: call(left),
      op: op as Comparison,
      right: numberOf(number),
      isBool: bool !== undefined,
    };
  }
  if (CALL.test(text)) return call(text);
  if (text.trim() === "") throw bad("the expression is empty");
  const top = treeOf(text).topNode.firstChild;
  if (top === null) throw bad("the expression is empty");
  return queryOf(top, text);
}

/** A plain selector, as `match[]` needs one. */
export function parseSelector(text: string): readonly Matcher[] {
  const top = treeOf(text).topNode.firstChild;
  if (top?.name !== "VectorSelector")
    throw bad(`match[] needs a selector such as {__name__=~"anomaly_.*"}, got ${text}`);
  return matchersOf(top, text);
}

function call(text: string): Query {
  const [, name, inside] = CALL.exec(text) ?? [];
  const what = DETECTIONS.find((known) => known === name);
  if (what === undefined) {
    const known = DETECTIONS.map((one) => `anomaly_${one}`).join(", ");
    throw bad(`there is no function anomaly_${name}; there are ${known}`);
  }
  const [, before, quoted] = JOB_ARGUMENT.exec(inside) ?? [];
  // A comma inside the expression itself, as in clamp_min(x, 1), leaves it whole.
  const isArgument = before !== undefined && !hasError(before);
  const expression = (isArgument ? before : inside).trim();
  if (expression === "") throw bad(`anomaly_${what}() needs an expression`);
  treeOf(expression);
  return { kind: "detection", what, expression, job: isArgument ? stringOf(quoted) : undefined };
}

function queryOf(node: SyntaxNode, text: string): Query {
  if (node.name === "ParenExpr" && node.firstChild !== null) return queryOf(node.firstChild, text);
  if (node.name === "VectorSelector") return { kind: "selector", matchers: matchersOf(node, text) };
  const value = constantOf(node, text);
  if (value !== undefined) return { kind: "number", value };
  if (node.name === "BinaryExpr" && node.firstChild !== null && node.lastChild !== null) {
    const op = operatorOf(node, text);
    const right = constantOf(node.lastChild, text);
    if (right !== undefined && isComparison(op)) {
      const left = queryOf(node.firstChild, text);
      return { kind: "comparison", left, op, right, isBool: node.getChild("BoolModifier") !== null };
    }
  }
  throw bad(`"${text.slice(node.from, node.to)}" is not evaluated here; ${UNDERSTOOD}`);
}

/** A number, also one that is worked out from numbers; undefined for anything with series in it. */
function constantOf(node: SyntaxNode, text: string): number | undefined {
  if (node.name === "NumberDurationLiteral") return numberOf(text.slice(node.from, node.to));
  if (node.name === "ParenExpr" && node.firstChild !== null) return constantOf(node.firstChild, text);
  if (node.name === "UnaryExpr" && node.lastChild !== null) {
    const value = constantOf(node.lastChild, text);
    return value === undefined || text[node.from] === "+" ? value : -value;
  }
  if (node.name !== "BinaryExpr" || node.firstChild === null || node.lastChild === null) return undefined;
  const left = constantOf(node.firstChild, text);
  const right = constantOf(node.lastChild, text);
  if (left === undefined || right === undefined) return undefined;
  const op = operatorOf(node, text);
  if (op === "+") return left + right;
  if (op === "-") return left - right;
  if (op === "*") return left * right;
  if (op === "/") return left / right;
  if (op === "%") return left % right;
  if (op === "^") return left ** right;
  return undefined;
}

function operatorOf(node: SyntaxNode, text: string): string {
  const operator = node.firstChild?.nextSibling;
  return operator ? text.slice(operator.from, operator.to) : "";
}

const isComparison = (op: string): op is Comparison => [">", ">=", "<", "<=", "==", "!="].includes(op);

function numberOf(text: string): number {
  const value = /^[-+]?inf$/i.test(text) ? Number(`${text.startsWith("-") ? "-" : ""}Infinity`) : Number(text);
  if (Number.isNaN(value) && !/^nan$/i.test(text)) throw bad(`"${text}" is not a number that is understood here`);
  return value;
}

function matchersOf(node: SyntaxNode, text: string): readonly Matcher[] {
  const textOf = (one: SyntaxNode) => text.slice(one.from, one.to);
  const name = node.getChild("Identifier");
  const own: Matcher[] = name === null ? [] : [{ label: "__name__", op: "=", value: textOf(name) }];
  const all = node.getChild("LabelMatchers");
  for (const one of all?.getChildren("UnquotedLabelMatcher") ?? []) {
    const [label, op, value] = [one.getChild("LabelName"), one.getChild("MatchOp"), one.getChild("StringLiteral")];
    if (label === null || op === null || value === null) throw bad(`"${textOf(one)}" is not a matcher`);
    own.push({ label: textOf(label), op: textOf(op) as MatchOp, value: stringOf(textOf(value)) });
  }
  for (const one of all?.getChildren("QuotedLabelMatcher") ?? []) {
    const [label, op, value] = [
      one.getChild("QuotedLabelName"),
      one.getChild("MatchOp"),
      one.getChild("StringLiteral"),
    ];
    if (label === null || op === null || value === null) throw bad(`"${textOf(one)}" is not a matcher`);
    own.push({ label: stringOf(textOf(label)), op: textOf(op) as MatchOp, value: stringOf(textOf(value)) });
  }
  for (const one of all?.getChildren("QuotedLabelName") ?? []) {
    own.push({ label: "__name__", op: "=", value: stringOf(textOf(one)) });
  }
  if (own.length === 0) throw bad("a selector needs at least one matcher");
  return own;
}

/** A string literal as Go reads it, as far as Prometheus uses that. */
function stringOf(literal: string): string {
  if (literal.startsWith("`")) return literal.slice(1, -1);
  const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", a: "\x07", b: "\b", f: "\f", v: "\v" };
  return literal
    .slice(1, -1)
    .replace(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))/g, (_, x, u, U, plain: string) => {
      const hex = x ?? u ?? U;
      if (hex === undefined) return ESCAPES[plain] ?? plain;
      const code = Number.parseInt(hex, 16);
      if (code > 0x10_ff_ff) throw bad(`"${literal}" has a character that does not exist`);
      return String.fromCodePoint(code);
    });
}

/** Deeper than anyone writes; the parser itself takes any depth. */
const LONGEST = 20_000;

function treeOf(text: string) {
  if (text.length > LONGEST) throw bad(`the expression has ${text.length} characters; up to ${LONGEST} are read`);
  const tree = parser.parse(text);
  const at = errorAt(tree);
  if (at !== undefined) throw bad(`the expression is not PromQL at character ${at + 1}: ${text.slice(at, at + 40)}`);
  return tree;
}

function hasError(text: string): boolean {
  return errorAt(parser.parse(text)) !== undefined;
}

function errorAt(tree: ReturnType<typeof parser.parse>): number | undefined {
  let at: number | undefined;
  tree.iterate({
    enter: (node) => {
      if (node.type.isError) at ??= node.from;
    },
  });
  return at;
}

function bad(message: string): Refusal {
  return new Refusal(400, "bad_data", message);
}
