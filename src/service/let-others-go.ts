/** So many nodes take milliseconds. */
const MANY = 500;
/** Milliseconds in which those who came during a step are answered, and others who come meanwhile. */
const REST = 40;

/** Between two steps of work on so many nodes, or whatever they are, scripts go out. */
export async function letOthersGo(count: number): Promise<void> {
  if (count > MANY) await new Promise((resolve) => setTimeout(resolve, REST));
}
