import { useId, type JSX } from 'react';

/** On a phone. */
const MOST_IN_A_ROW = 3;

interface ChoiceProps {
  legend: string;
  /** What is chosen, and its words. */
  options: readonly (readonly [string, string])[];
  value: string;
  onChange: (value: string) => void;
}

/** One of a few. */
export function Choice({ legend, options, value, onChange }: ChoiceProps): JSX.Element {
  const name = useId();
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-semibold text-muted">{legend}</legend>
      <div className="flex flex-wrap gap-1 rounded-xl bg-raised p-1">
        {options.map(([key, words]) => (
          <label
            key={key}
            className={`inline-flex min-h-8 grow cursor-pointer items-center justify-center rounded-lg px-2.5 text-sm font-semibold text-muted has-checked:bg-surface has-checked:text-ink has-checked:shadow-sm has-focus-visible:outline-2 has-focus-visible:outline-accent ${options.length > MOST_IN_A_ROW ? 'max-sm:basis-[30%]' : ''}`}
          >
            <input
              type="radio"
              className="sr-only"
              name={name}
              value={key}
              checked={key === value}
              onChange={() => onChange(key)}
            />
            {words}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
