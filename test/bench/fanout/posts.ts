import type { Post } from '@hub/contracts';
import { aPost } from '../../../libs/storage/testkit/a-post.ts';

const WORDS = 'The river ran high after the storm and nobody on the bridge said a word about it for long'.split(' ');
/** Makes a post of about 3.5 KB of JSON. */
const TEXT_WORDS = 170;

/** Post number n, the same at every server but for the moment. */
export function postNumber(n: number): Post {
  const text = Array.from({ length: TEXT_WORDS }, (_, i) => WORDS[(n * 7 + i * (1 + (n % 5))) % WORDS.length]).join(
    ' ',
  );
  return aPost({ text, hub: { local_id: String(n), observed_at: new Date().toISOString() } });
}
