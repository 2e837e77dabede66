/** So many nodes take milliseconds. */
const MANY = 500;
/** Milliseconds in which those who came during a step are answered, and others who come meanwhile. */
const REST = 50;

/** Between two steps of work on many nodes, or whatever is listed, scripts go out. */
export async function letOthersGo({ length }: readonly unknown[]): Promise<void> {
  if (length > MANY) await new Promise((resolve) => setTimeout(resolve, REST));
}
