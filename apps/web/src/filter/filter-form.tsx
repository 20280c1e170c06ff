import type { Filter } from '@hub/client';
import type { JSX } from 'react';
import { useHub } from '../context.ts';
import { Choice } from './choice.tsx';
import type { FlagField } from './filter-url.ts';
import { useFilter } from './use-filter.ts';
import { WordsField } from './words-field.tsx';

const SUGGESTED_SECONDS = 900;
const SUGGESTIONS = 12;

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
  return key === 'video' ? ['video', 'gifv'] : [key as 'image' | 'audio'];
}

function FlagChoice({ field, legend }: { field: FlagField; legend: string }): JSX.Element {
  const [filter, set] = useFilter();
  return (
    <Choice
      legend={legend}
      options={[
        ['', 'All'],
        ['false', 'Hide'],
        ['true', 'Only'],
      ]}
      value={String(filter[field] ?? '')}
      onChange={(key) => set(field, key === '' ? undefined : key === 'true')}
    />
  );
}

/** Which posts are shown; each change shows at once. */
export function FilterForm(): JSX.Element {
  const { pulse } = useHub();
  const [filter, set] = useFilter();
  const top = (ranking: 'hashtags' | 'languages' | 'servers') =>
    pulse.top(ranking, SUGGESTED_SECONDS, SUGGESTIONS).map(([name]) => name);
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <WordsField
        label="Languages"
        hint="en, de, ja"
        values={filter.language ?? []}
        suggestions={top('languages')}
        onChange={(v) => set('language', v)}
      />
      <WordsField
        label="Hashtags"
        hint="caturday, photo"
        values={filter.hashtag ?? []}
        suggestions={top('hashtags')}
        onChange={(v) => set('hashtag', v)}
      />
      <WordsField
        label="Servers"
        hint="mastodon.example"
        values={filter.instance ?? []}
        suggestions={top('servers')}
        onChange={(v) => set('instance', v)}
      />
      <WordsField
        label="Accounts"
        hint="user@mastodon.example"
        values={filter.account ?? []}
        onChange={(v) => set('account', v)}
      />
      <div className="sm:col-span-2">
        <Choice
          legend="Media"
          options={MEDIA}
          value={mediaKey(filter.media)}
          onChange={(key) => set('media', mediaOf(key))}
        />
      </div>
      <div className="grid gap-4 sm:col-span-2 sm:grid-cols-3">
        <FlagChoice field="reply" legend="Replies" />
        <FlagChoice field="bot" legend="Bots" />
        <FlagChoice field="sensitive" legend="Sensitive" />
      </div>
    </div>
  );
}
