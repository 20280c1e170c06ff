/** What people who write one language are called and say. */
export interface Voice {
  /** BCP 47. */
  language: string;
  /** How much is written in it, relative to the others. */
  weight: number;
  /** Display name and user name, with '|' between. */
  names: readonly string[];
  sentences: readonly string[];
  hashtags: readonly string[];
}
