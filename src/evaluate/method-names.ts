/**
 * The methods of a backtest by name, with what each is in a few words. Apart from their code (`methods.ts`), so that the
 * help of the command line need not load any of it.
 */
export const METHODS = {
  residual: "each series against its own past",
  family: "one forest model for all series together",
} as const;
export type MethodName = keyof typeof METHODS;
export const METHOD_NAMES = Object.keys(METHODS) as MethodName[];
export const DEFAULT_METHOD: MethodName = "residual";
