import { useEffect, useRef, useState, type JSX } from 'react';
import { useHub } from '../context.ts';

const EVERY_MS = 20_000;

/** Tells those who listen to the page how it goes: what is said in the quiet line at once, new posts as a number now and then. */
export function Announcer(): JSX.Element {
  const { feed } = useHub();
  const [words, setWords] = useState('');
  const arrived = useRef(0);
  useEffect(() => {
    feed.observe((events) => (arrived.current += events.filter(({ type }) => type === 'post').length));
    const timer = setInterval(() => {
      if (arrived.current > 0) setWords(`${arrived.current} new ${arrived.current === 1 ? 'post' : 'posts'}`);
      arrived.current = 0;
    }, EVERY_MS);
    const stop = feed.listen(() => {
      const { notice } = feed.value;
      if (notice !== undefined) setWords(notice.text);
    });
    return () => {
      clearInterval(timer);
      stop();
    };
  }, [feed]);
  return (
    <p role="status" className="sr-only">
      {words}
    </p>
  );
}
