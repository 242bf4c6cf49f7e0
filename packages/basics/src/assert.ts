/** Thrown when the program itself is wrong, never for bad input. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

/** States what must hold at this line. Stays on in production: a broken promise must stop the work, not spread. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** Marks the branch that a complete switch never reaches. */
export function unreachable(value: never): never {
  throw new AssertionError(`unreachable value: ${JSON.stringify(value)}`);
}

/** The value, or an error that names what was missing. */
export function must<Value>(value: Value | null | undefined, what: string): Value {
  if (value === null || value === undefined) throw new AssertionError(`missing ${what}`);
  return value;
}
