/** An error as Mastodon answers it: a status and `{"error": "…"}`. */
export class MastodonError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'MastodonError';
    this.status = status;
  }
}
