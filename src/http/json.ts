import { type Answer, toResponse } from './answer.ts';

/**
 * JSON as the Go services write it, `&`, `<` and `>` escaped: clients compare texts. In JSON these characters occur in
 * strings only.
 */
export function jsonText(value: unknown): string {
  return JSON.stringify(value).replaceAll(/[&<>\u2028\u2029]/g, escaped);
}

/** A JSON answer, with the Content-Type of the services in the field. */
export function json(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Response {
  return toResponse(jsonAnswer(value, status, headers));
}

/** The same, for any server to send. */
export function jsonAnswer(value: unknown, status: number, headers: Readonly<Record<string, string>>): Answer {
  return {
    status,
    headers: { 'Content-Type': 'application/json; charset=UTF-8', ...headers },
    body: jsonText(value),
  };
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
