import * as v from 'valibot';

/** A text that one of core's parsers reads, and that the API's document describes by `pattern`. */
export function parsedText<T>(parse: (text: string) => T | undefined, pattern: RegExp, message: string) {
  return v.pipe(
    v.string('must be a text'),
    v.regex(pattern, message),
    v.rawTransform(({ dataset, addIssue, NEVER }): T => {
      const parsed = parse(dataset.value);
      if (parsed !== undefined) return parsed;
      addIssue({ message });
      return NEVER;
    }),
  );
}

/** The same, where an empty text counts as none. */
export function optionalText<T>(parse: (text: string) => T | undefined, pattern: RegExp, message: string) {
  return parsedText(
    (text): T | '' | undefined => (text === '' ? '' : parse(text)),
    new RegExp(`^$|${pattern.source}`),
    message,
  );
}
