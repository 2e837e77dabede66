/** What is there at once when it is known, else when it will be. */
export type Soon<Value> = Value | Promise<Value>;

/**
 * Goes on with a value: in the same tick when it is there. A script whose parts are all in memory is answered without
 * giving the turn away, which would take as long as to make it.
 */
export function after<Value, Next>(value: Soon<Value>, next: (value: Value) => Soon<Next>): Soon<Next> {
  return value instanceof Promise ? value.then(next) : next(value);
}
