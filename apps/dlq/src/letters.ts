import type { DeadLetter, DeadLetters } from '@hub/messaging';

/** Some brokers take seconds for each look: few of them, and none only to learn that there is no more. */
const PAGE = 200;

/** All dead letters, oldest first, a page at a time. */
export async function* allLetters(letters: DeadLetters): AsyncGenerator<DeadLetter> {
  for (let after: string | undefined; ;) {
    const page = await letters.list({ limit: PAGE, ...(after !== undefined && { after }) });
    yield* page;
    if (page.length < PAGE) return;
    after = page.at(-1)?.id;
  }
}

/** The letters of these ids, and the ids that there are none of. */
export async function findLetters(
  letters: DeadLetters,
  ids: readonly string[],
): Promise<{ found: DeadLetter[]; absent: string[] }> {
  const wanted = new Set(ids);
  const found: DeadLetter[] = [];
  for await (const letter of allLetters(letters)) {
    if (wanted.delete(letter.id)) found.push(letter);
    if (wanted.size === 0) break;
  }
  return { found, absent: [...wanted] };
}
