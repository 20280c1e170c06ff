/** Longer ones are data, not addresses. */
const MAX_LENGTH = 4096;

/** What every reader takes for the same address, and what can end no attribute: kept as it was written. */
const ASCII = /^https?:\/\/[A-Za-z0-9.-]+(?::\d+)?(?:[/?#][\w\-.~:/?#[\]@!$&()*+,;=%]*)?$/;
/** The same in any script, which takes five times as long to tell. */
const PLAIN = /^https?:\/\/[A-Za-z0-9.-]+(?::\d+)?(?:[/?#][\p{L}\p{N}\p{M}\-._~:/?#[\]@!$&()*+,;=%]*)?$/u;

/** The address if it is one of the web (http or https), in a form that is safe in any attribute; else ''. */
export function webUrl(text: string): string {
  if (text === '' || text.length > MAX_LENGTH) return '';
  if (ASCII.test(text) || PLAIN.test(text)) return text;
  if (!URL.canParse(text)) return '';
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return '';
  return url.href.replaceAll("'", '%27');
}

/** Host of an address of the web; undefined if it is none. */
export function webHost(text: string): string | undefined {
  const url = webUrl(text);
  return url !== '' && URL.canParse(url) ? new URL(url).host : undefined;
}
