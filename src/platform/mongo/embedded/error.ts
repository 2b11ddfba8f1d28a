const names: Record<number, string> = {
  2: 'BadValue',
  9: 'FailedToParse',
  14: 'TypeMismatch',
  16: 'InvalidLength',
  20: 'IllegalOperation',
  26: 'NamespaceNotFound',
  27: 'IndexNotFound',
  28: 'PathNotViable',
  40: 'ConflictingUpdateOperators',
  43: 'CursorNotFound',
  48: 'NamespaceExists',
  52: 'DollarPrefixedFieldName',
  53: 'InvalidIdField',
  54: 'NotSingleValueField',
  56: 'EmptyFieldName',
  59: 'CommandNotFound',
  66: 'ImmutableField',
  67: 'CannotCreateIndex',
  72: 'InvalidOptions',
  73: 'InvalidNamespace',
  85: 'IndexOptionsConflict',
  86: 'IndexKeySpecsConflict',
  168: 'InvalidPipelineOperator',
  171: 'CannotIndexParallelArrays',
  197: 'InvalidIndexSpecificationOption',
  238: 'NotImplemented',
  11000: 'DuplicateKey',
  40324: 'Location40324',
};

/** An error as MongoDB answers it. */
export class StoreError extends Error {
  readonly codeName: string;
  constructor(
    readonly code: number,
    message: string,
    /** Fields of their own, such as `keyPattern`. */
    readonly fields: Record<string, unknown> = {},
  ) {
    super(message);
    this.codeName = names[code] ?? `Location${code}`;
  }
}

/** What the store does not do is an error, never ignored. */
export const notSupported = (what: string): StoreError =>
  new StoreError(238, `${what} is not supported by the embedded store`);
