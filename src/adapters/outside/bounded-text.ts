/** The body of an answer that is at most so many bytes long; a longer one is not read further, and throws. */
export async function boundedText({ body }: Response, maxBytes: number): Promise<string> {
  const chunks: ReadableStream<Uint8Array> | null = body;
  const decoder = new TextDecoder();
  let [text, bytes] = ['', 0];
  for await (const chunk of chunks ?? []) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new Error(`the answer is longer than ${maxBytes} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
