import { useId, useState, type JSX } from 'react';
import { useHub } from '../context.ts';
import { keepToken } from './token.ts';

/** Where a hub lets in only who shows a key. */
export function TokenForm(): JSX.Element {
  const { feed } = useHub();
  const id = useId();
  const [token, setToken] = useState('');
  return (
    <form
      className="grid w-full gap-2 text-start"
      onSubmit={(event) => {
        event.preventDefault();
        if (token.trim() === '') return;
        keepToken(token.trim());
        feed.start();
      }}
    >
      <label htmlFor={id} className="text-sm font-semibold">
        Your key or token
      </label>
      <div className="flex gap-2">
        <input
          id={id}
          type="password"
          autoComplete="current-password"
          className="min-h-10 min-w-0 grow rounded-xl border border-strong bg-surface px-3 text-ink"
          value={token}
          onChange={(event) => setToken(event.target.value)}
        />
        <button
          type="submit"
          className="min-h-10 rounded-xl bg-accent px-4 font-semibold text-accent-ink hover:brightness-110"
        >
          Enter
        </button>
      </div>
      <p className="text-sm">It is kept in this tab alone.</p>
    </form>
  );
}
