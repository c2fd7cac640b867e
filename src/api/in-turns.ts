/** The answers to a list of questions, in its order, with so many asked at once. */
export async function inTurns<Item, Answer>(
  items: Item[],
  lanes: number,
  ask: (item: Item) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = new Array(items.length)
  const waiting = items.entries()
  const lane = async () => {
    for (const [index, item] of waiting) answers[index] = await ask(item)
  }
  await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, lane))
  return answers
}
