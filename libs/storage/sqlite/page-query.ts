import { words, type Filter } from '@hub/contracts';
import { mediaBits } from './stored-form.ts';
import { wantedTerms } from './terms.ts';

/** A statement that yields keys of posts, newest first, and its values; :before, :now and :limit are the caller's. */
export interface KeyQuery {
  sql: string;
  values: Record<string, string | number>;
}

/** Sorted by how few posts one value usually names: the first that a filter has drives the query. */
const FIELDS = ['account', 'mention', 'hashtag', 'keyword', 'instance', 'language'] as const;

const BY_TERM = 'SELECT t.post AS key FROM terms AS t CROSS JOIN posts AS p ON p.key = t.post WHERE t.post < :before';
const BY_KEYWORD =
  'SELECT search.rowid AS key FROM search CROSS JOIN posts AS p ON p.key = search.rowid WHERE search.rowid < :before';
const BY_KEY = 'SELECT p.key AS key FROM posts AS p WHERE p.key < :before';
const HAS_TERM = (field: string) =>
  `EXISTS (SELECT 1 FROM terms WHERE term IN (SELECT value FROM json_each(:${field})) AND post = p.key)`;
// A match of FTS5 for each candidate would open the word's whole list each time: the few words are read instead.
const HAS_KEYWORD = `EXISTS (SELECT 1 FROM search, json_each(:keyword) AS phrase
  WHERE search.rowid = p.key AND instr(' ' || words || ' ', phrase.value) > 0)`;

/**
 * A filter as SQL. One field drives: for each of its values an index is walked from the newest post on, the walks are
 * merged, and all end when the page is full. The other fields are looked up for each candidate.
 * Undefined: nothing can match.
 */
export function keyQuery(filter: Filter): KeyQuery | undefined {
  const values: KeyQuery['values'] = {};
  const conditions = postConditions(filter, values);
  let walks: string[] | undefined;
  for (const field of FIELDS) {
    const wanted = field === 'keyword' ? wantedPhrases(filter) : wantedTerms(filter, field);
    if (wanted === undefined) continue;
    if (wanted.length === 0) return undefined;
    if (walks === undefined) {
      walks = field === 'keyword' ? keywordWalk(wanted, values) : termWalks(wanted, values);
    } else {
      values[field] = JSON.stringify(field === 'keyword' ? wanted.map((phrase) => ` ${phrase} `) : wanted);
      conditions.push(field === 'keyword' ? HAS_KEYWORD : HAS_TERM(field));
    }
  }
  const arms = (walks ?? [BY_KEY]).map((walk) => [walk, ...conditions].join(' AND '));
  return { sql: `${arms.join(' UNION ')} ORDER BY key DESC LIMIT :limit`, values };
}

function termWalks(terms: string[], values: KeyQuery['values']): string[] {
  return terms.map((term, i) => {
    values[`term${i}`] = term;
    return `${BY_TERM} AND t.term = :term${i}`;
  });
}

function keywordWalk(phrases: string[], values: KeyQuery['values']): string[] {
  values['phrases'] = phrases.map((phrase) => `"${phrase}"`).join(' OR ');
  return [`${BY_KEYWORD} AND search MATCH :phrases`];
}

/** Words hold letters, marks and digits alone: nothing in them means anything to FTS5 within quotes. */
function wantedPhrases({ keyword }: Filter): string[] | undefined {
  return keyword?.map((text) => words(text).join(' ')).filter((phrase) => phrase !== '');
}

function postConditions(filter: Filter, values: KeyQuery['values']): string[] {
  const { media, reply, sensitive, bot } = filter;
  const conditions = ['(p.expires_at IS NULL OR p.expires_at > :now)'];
  if (typeof media === 'boolean') conditions.push(media ? 'p.media <> 0' : 'p.media = 0');
  else if (media !== undefined) {
    values['media'] = mediaBits(media);
    conditions.push('p.media & :media <> 0');
  }
  for (const [name, wanted] of Object.entries({ reply, sensitive, bot })) {
    if (wanted !== undefined) conditions.push(`p.${name} = ${wanted ? 1 : 0}`);
  }
  return conditions;
}
