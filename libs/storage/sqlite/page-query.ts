import { searches, words, type Filter } from '@hub/contracts';
import { mediaBits } from './stored-form.ts';
import { wantedTerms } from './terms.ts';

/** A statement that yields keys of posts, newest first or oldest first, and its values; :before, :after, :now and :limit are the caller's. */
export interface KeyQuery {
  sql: string;
  values: Record<string, string | number>;
}

/** Sorted by how few posts one value usually names: the first that a filter has drives the query. */
const FIELDS = ['account', 'mention', 'hashtag', 'keyword', 'instance', 'language'] as const;

const BY_TERM =
  'SELECT t.post AS key FROM terms AS t CROSS JOIN posts AS p ON p.key = t.post WHERE t.post < :before AND t.post > :after';
const BY_KEYWORD =
  'SELECT search.rowid AS key FROM search CROSS JOIN posts AS p ON p.key = search.rowid WHERE search.rowid < :before AND search.rowid > :after';
const BY_KEY = 'SELECT p.key AS key FROM posts AS p WHERE p.key < :before AND p.key > :after';
/**
 * A filter as SQL. One field drives: for each of its values an index is walked from the newest (or oldest) post on, the walks are
 * merged, and all end when the page is full. The other fields, and what is not wanted, are looked up for each candidate.
 * Undefined: nothing can match.
 */
export function keyQuery(filter: Filter, oldest = false): KeyQuery | undefined {
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
      conditions.push(field === 'keyword' ? hasKeyword('keyword', wanted, values) : hasTerm(field, wanted, values));
    }
  }
  conditions.push(...exclusions(filter.not ?? {}, values));
  const arms = (walks ?? [BY_KEY]).map((walk) => [walk, ...conditions].join(' AND '));
  return { sql: `${arms.join(' UNION ')} ORDER BY key ${oldest ? 'ASC' : 'DESC'} LIMIT :limit`, values };
}

/** Holds if a post has one of the terms. `name`: of the value in the statement. */
function hasTerm(name: string, terms: string[], values: KeyQuery['values']): string {
  values[name] = JSON.stringify(terms);
  return `EXISTS (SELECT 1 FROM terms WHERE term IN (SELECT value FROM json_each(:${name})) AND post = p.key)`;
}

/** A match of FTS5 for each candidate would open the word's whole list each time: the few words are read instead. */
function hasKeyword(name: string, phrases: string[], values: KeyQuery['values']): string {
  values[name] = JSON.stringify(phrases.map((phrase) => ` ${phrase} `));
  return `EXISTS (SELECT 1 FROM search, json_each(:${name}) AS phrase
  WHERE search.rowid = p.key AND instr(' ' || words || ' ', phrase.value) > 0)`;
}

function exclusions(not: NonNullable<Filter['not']>, values: KeyQuery['values']): string[] {
  const found: string[] = [];
  for (const field of FIELDS) {
    const name = `not_${field}`;
    const unwanted = field === 'keyword' ? wantedPhrases(not) : wantedTerms(not, field);
    if (unwanted === undefined || unwanted.length === 0) continue;
    found.push(`NOT ${field === 'keyword' ? hasKeyword(name, unwanted, values) : hasTerm(name, unwanted, values)}`);
  }
  if (not.media !== undefined) {
    values['not_media'] = mediaBits(not.media);
    found.push('p.media & :not_media = 0');
  }
  return found;
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
function wantedPhrases({ keyword }: Pick<Filter, 'keyword'>): string[] | undefined {
  return keyword?.map((text) => words(text).join(' ')).filter((phrase) => phrase !== '');
}

function postConditions(filter: Filter, values: KeyQuery['values']): string[] {
  const { media, reply, sensitive, bot, min_length: minLength } = filter;
  const conditions = ['(p.expires_at IS NULL OR p.expires_at > :now)'];
  if (typeof media === 'boolean') conditions.push(media ? 'p.media <> 0' : 'p.media = 0');
  else if (media !== undefined) {
    values['media'] = mediaBits(media);
    conditions.push('p.media & :media <> 0');
  }
  for (const [name, wanted] of Object.entries({ reply, sensitive, bot })) {
    if (wanted !== undefined) conditions.push(`p.${name} = ${wanted ? 1 : 0}`);
  }
  if (minLength !== undefined) {
    values['length'] = minLength;
    conditions.push('p.length >= :length');
  }
  // Words that are looked for find searchable posts alone; words that are not wanted do so here.
  if (filter.keyword === undefined && searches(filter)) conditions.push('p.searchable = 1');
  return conditions;
}
