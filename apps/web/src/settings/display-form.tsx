import type { JSX } from 'react';
import { Choice } from '../filter/choice.tsx';
import { useObservable } from '../observable.ts';
import { change, settings } from './settings.ts';

const CHOICES = [
  [
    'theme',
    'Colours',
    [
      ['system', 'System'],
      ['light', 'Light'],
      ['dark', 'Dark'],
    ],
  ],
  [
    'density',
    'Posts',
    [
      ['comfortable', 'Roomy'],
      ['compact', 'Compact'],
    ],
  ],
  [
    'media',
    'Pictures',
    [
      ['show', 'Show'],
      ['none', 'Load none'],
    ],
  ],
  [
    'motion',
    'Motion',
    [
      ['system', 'System'],
      ['reduced', 'Reduced'],
    ],
  ],
] as const;

/** How the page looks; kept in this browser. */
export function DisplayForm(): JSX.Element {
  const chosen = useObservable(settings);
  return (
    <div className="grid gap-3">
      {CHOICES.map(([name, legend, options]) => (
        <Choice
          key={name}
          legend={legend}
          options={options}
          value={chosen[name]}
          onChange={(value) => change({ [name]: value })}
        />
      ))}
    </div>
  );
}
