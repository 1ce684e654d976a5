/**
 * Bounded concurrency.
 *
 * @module
 */

/** Most files that are handled at the same time. */
const FILES_AT_ONCE = 32;

/**
 * Runs a function on each item, some at the same time. After a failure no further one is started.
 *
 * @param items The items.
 * @param act What is done.
 * @param atOnce How many at the same time.
 * @returns The results, in order.
 */
export async function withEach<Item, Value>(
  items: readonly Item[],
  act: (item: Item) => Promise<Value>,
  atOnce = FILES_AT_ONCE,
): Promise<Value[]> {
  const values: Value[] = [];
  let next = 0;
  const work = async () => {
    try {
      while (next < items.length) {
        const index = next++;
        values[index] = await act(items[index]!);
      }
    } catch (error) {
      next = items.length;
      throw error;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return values;
}
