declare const brand: unique symbol;

/** A string or number that has been parsed: only the parser of its kind makes one. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
