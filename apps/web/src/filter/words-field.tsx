import { useEffect, useId, useState, type JSX } from 'react';

interface WordsFieldProps {
  label: string;
  hint: string;
  values: readonly string[];
  /** What could be typed. */
  suggestions?: readonly string[];
  onChange: (values: string[]) => void;
}

function split(text: string): string[] {
  return [
    ...new Set(
      text
        .split(',')
        .map((word) => word.trim())
        .filter((word) => word !== ''),
    ),
  ];
}

/** A list of words, parted by commas; takes effect when it is left or confirmed. */
export function WordsField({ label, hint, values, suggestions = [], onChange }: WordsFieldProps): JSX.Element {
  const id = useId();
  const given = values.join(', ');
  const [text, setText] = useState(given);
  useEffect(() => setText(given), [given]);
  const commit = () => {
    if (split(text).join(', ') !== given) onChange(split(text));
  };
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block text-sm font-semibold text-muted">
        {label}
      </label>
      <input
        id={id}
        className="min-h-10 w-full rounded-xl border border-strong bg-surface px-3 placeholder:text-muted"
        value={text}
        placeholder={hint}
        list={`${id}-list`}
        autoCapitalize="off"
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => event.key === 'Enter' && commit()}
      />
      <datalist id={`${id}-list`}>
        {suggestions.map((suggestion) => (
          <option key={suggestion} value={suggestion} />
        ))}
      </datalist>
    </div>
  );
}
