/** MongoDB's names of its codes; a code without one is a `Location`. */
const names: Record<number, string> = {
  1: 'InternalError', 2: 'BadValue', 4: 'NoSuchKey', 8: 'UnknownError', 9: 'FailedToParse', 11: 'UserNotFound',
  13: 'Unauthorized', 14: 'TypeMismatch', 15: 'Overflow', 16: 'InvalidLength', 20: 'IllegalOperation',
  26: 'NamespaceNotFound', 27: 'IndexNotFound', 28: 'PathNotViable', 40: 'ConflictingUpdateOperators',
  43: 'CursorNotFound', 48: 'NamespaceExists', 50: 'MaxTimeMSExpired', 52: 'DollarPrefixedFieldName',
  53: 'InvalidIdField', 54: 'NotSingleValueField', 55: 'InvalidDBRef', 56: 'EmptyFieldName',
  57: 'DottedFieldName', 59: 'CommandNotFound', 66: 'ImmutableField', 67: 'CannotCreateIndex', 72: 'InvalidOptions',
  73: 'InvalidNamespace', 85: 'IndexOptionsConflict', 86: 'IndexKeySpecsConflict', 96: 'OperationFailed',
  115: 'CommandNotSupported', 123: 'NotAReplicaSet', 121: 'DocumentValidationFailure', 146: 'ExceededMemoryLimit',
  168: 'InvalidPipelineOperator', 171: 'CannotIndexParallelArrays', 197: 'InvalidIndexSpecificationOption',
  224: 'QueryFeatureNotAllowed', 238: 'NotImplemented', 241: 'ConversionFailure', 276: 'IndexBuildAborted',
  291: 'NoQueryExecutionPlans',
  292: 'QueryExceededMemoryLimitNoDiskUseAllowed', 322: 'APIVersionError', 323: 'APIStrictError', 10334: 'BSONObjectTooLarge',
  11000: 'DuplicateKey', 14031: 'OutOfDiskSpace',
}; // prettier-ignore

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

const diskFull = /ENOSPC|no space left|MDB_MAP_FULL|mapsize limit/i;
const readOnly = /EROFS|EACCES|EPERM|read-only|permission denied/i;

/** What the disk says, in the words that an operator looks for. */
export function asStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const { message } = error as Error;
  if (diskFull.test(message)) return new StoreError(14031, `The disk of the store is full: ${message}`);
  if (readOnly.test(message)) return new StoreError(96, `The store cannot write to its folder: ${message}`);
  return new StoreError(8, `The store failed: ${message}`);
}
