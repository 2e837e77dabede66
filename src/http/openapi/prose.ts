import { html } from 'hono/html';

/** A piece of a page. */
export type Html = ReturnType<typeof html>;

/** A text of the document as paragraphs: they are parted by empty lines. */
export function paragraphs(text: string | undefined): Html[] {
  return (text ?? '').split('\n\n').flatMap((paragraph) => (paragraph === '' ? [] : html`<p>${prose(paragraph)}</p>`));
}

/** A line of text, in which what stands between backticks is code. */
export function prose(text: string): (Html | string)[] {
  return text.split('`').map((piece, at) => (at % 2 === 0 ? piece : html`<code>${piece}</code>`));
}
