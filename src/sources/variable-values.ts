/** Values of one template variable: `machine=n1,n2` or `machine=n*`. */
export interface VariableValues {
  readonly name: string;
  readonly values: readonly string[];
}
