import { FOLD_VALUE, HubError, VALUE_FIELDS, words, type Filter, type ValueField } from '@hub/contracts';

type ListField = ValueField | 'keyword';
type Lists = NonNullable<Filter['not']>;

const LISTS = [...VALUE_FIELDS, 'keyword'] as const;
const FLAGS = ['reply', 'sensitive', 'bot'] as const;

/**
 * What a client asks for, within what it may read: every post that the result accepts both accept. A field that the
 * client leaves out is as its grant says. Throws a HubError of code forbidden if it asks for more.
 */
export function narrowFilter(allowed: Filter | undefined, wanted: Filter): Filter {
  if (allowed === undefined) return wanted;
  const narrowed: Filter = { ...wanted };
  for (const field of LISTS) {
    const values = within(field, allowed[field], wanted[field]);
    if (values !== undefined) narrowed[field] = values;
  }
  for (const field of FLAGS) {
    const flag = allowed[field];
    if (flag === undefined) continue;
    if (wanted[field] !== undefined && wanted[field] !== flag) throw forbidden(field, String(flag));
    narrowed[field] = flag;
  }
  const media = mediaWithin(allowed.media, wanted.media);
  if (media !== undefined) narrowed.media = media;
  const length = Math.max(allowed.min_length ?? 0, wanted.min_length ?? 0);
  if (length > 0) narrowed.min_length = length;
  if (allowed.not !== undefined) narrowed.not = without(allowed.not, wanted.not ?? {});
  return narrowed;
}

function within(
  field: ListField,
  allowed: readonly string[] | undefined,
  wanted: readonly string[] | undefined,
): string[] | undefined {
  if (allowed === undefined) return wanted && [...wanted];
  if (wanted === undefined) return [...allowed];
  const folded = new Set(allowed.map((value) => fold(field, value)));
  if (!wanted.every((value) => folded.has(fold(field, value)))) throw forbidden(field, allowed.join(', '));
  return [...wanted];
}

function mediaWithin(allowed: Filter['media'], wanted: Filter['media']): Filter['media'] {
  if (allowed === undefined || wanted === undefined) return wanted ?? allowed;
  const fits =
    allowed === wanted ||
    (Array.isArray(wanted) &&
      (allowed === true || (Array.isArray(allowed) && wanted.every((w) => allowed.includes(w)))));
  if (!fits) throw forbidden('media', String(allowed));
  return wanted;
}

/** What either leaves out. */
function without(allowed: Lists, wanted: Lists): Lists {
  const both: Lists = { ...allowed, ...wanted };
  for (const field of LISTS) {
    if (allowed[field] !== undefined && wanted[field] !== undefined)
      both[field] = [...allowed[field], ...wanted[field]];
  }
  if (allowed.media !== undefined && wanted.media !== undefined) both.media = [...allowed.media, ...wanted.media];
  return both;
}

function fold(field: ListField, value: string): string {
  return field === 'keyword' ? words(value).join(' ') : FOLD_VALUE[field](value);
}

function forbidden(field: string, allowed: string): HubError {
  return new HubError('forbidden', `Your access is limited: of ${field} you may ask for ${allowed}.`);
}
