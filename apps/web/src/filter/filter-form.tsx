import type { Filter } from '@hub/client';
import type { JSX } from 'react';
import { useHub } from '../context.ts';
import type { Ranking } from '../pulse/pulse.ts';
import { Choice } from './choice.tsx';
import type { FlagField, ListField } from './filter-url.ts';
import { useFilter } from './use-filter.ts';
import { WordsField } from './words-field.tsx';

const SUGGESTED_SECONDS = 900;
const SUGGESTIONS = 12;

const LISTS: readonly { field: ListField; label: string; hint: string; ranking?: Ranking }[] = [
  { field: 'language', label: 'Languages', hint: 'en, de, ja', ranking: 'languages' },
  { field: 'hashtag', label: 'Hashtags', hint: 'caturday, photo', ranking: 'hashtags' },
  { field: 'instance', label: 'Servers', hint: 'mastodon.example', ranking: 'servers' },
  { field: 'account', label: 'Accounts', hint: 'user@mastodon.example' },
];

const FLAGS: readonly { field: FlagField; legend: string }[] = [
  { field: 'reply', legend: 'Replies' },
  { field: 'bot', legend: 'Bots' },
  { field: 'sensitive', legend: 'Sensitive' },
];

const FLAG_OPTIONS = [
  ['', 'All'],
  ['false', 'Hide'],
  ['true', 'Only'],
] as const;

const MEDIA = [
  ['', 'All'],
  ['true', 'With media'],
  ['image', 'Images'],
  ['video', 'Video'],
  ['audio', 'Audio'],
  ['false', 'None'],
] as const;

function mediaKey(media: Filter['media']): string {
  return typeof media === 'boolean' ? String(media) : (media?.[0] ?? '');
}

function mediaOf(key: string): Filter['media'] {
  if (key === '') return undefined;
  if (key === 'true' || key === 'false') return key === 'true';
  if (key === 'video') return ['video', 'gifv'];
  return [key === 'audio' ? 'audio' : 'image'];
}

/** Which posts are shown; each change shows at once. */
export function FilterForm(): JSX.Element {
  const { pulse } = useHub();
  const [filter, set] = useFilter();
  const names = (ranking: Ranking) => pulse.top(ranking, SUGGESTED_SECONDS, SUGGESTIONS).map(([name]) => name);
  const flag = (field: FlagField, key: string) => set(field, key === '' ? undefined : key === 'true');
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      {LISTS.map(({ field, label, hint, ranking }) => (
        <WordsField
          key={field}
          label={label}
          hint={hint}
          values={filter[field] ?? []}
          suggestions={ranking ? names(ranking) : []}
          onChange={(values) => set(field, values)}
        />
      ))}
      <div className="sm:col-span-2">
        <Choice
          legend="Media"
          options={MEDIA}
          value={mediaKey(filter.media)}
          onChange={(key) => set('media', mediaOf(key))}
        />
      </div>
      <div className="grid gap-4 sm:col-span-2 sm:grid-cols-3">
        {FLAGS.map(({ field, legend }) => (
          <Choice
            key={field}
            legend={legend}
            options={FLAG_OPTIONS}
            value={String(filter[field] ?? '')}
            onChange={(key) => flag(field, key)}
          />
        ))}
      </div>
    </div>
  );
}
