/** A URL that a page may load or link to; others are left out, whoever wrote them. */
export function webUrl(url: string | null | undefined): string | undefined {
  return url && /^https?:\/\//i.test(url) ? url : undefined;
}
