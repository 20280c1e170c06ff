const KEY = 'hub.token';

/** The key or token that a person gave for this hub; forgotten with the tab. */
export function readToken(): string | undefined {
  return sessionStorage.getItem(KEY) ?? undefined;
}

export function keepToken(token: string): void {
  sessionStorage.setItem(KEY, token);
}

/** For the SDK, which goes on without one if there is none. */
export function tokenForHub(): Promise<string> {
  const token = readToken();
  return token === undefined ? Promise.reject(new Error('No token was given.')) : Promise.resolve(token);
}

/** For requests over HTTP. */
export function authorization(): Record<string, string> {
  const token = readToken();
  return token === undefined ? {} : { Authorization: `Bearer ${token}` };
}
