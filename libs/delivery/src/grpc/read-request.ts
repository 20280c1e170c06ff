import { VALUE_FIELDS, type SubscribeRequest } from '@hub/contracts';
import type { SubscribeRequestMessage } from '@hub/contracts/proto';
import { subscribeSchema } from '../requests.ts';

type FilterMessage = NonNullable<SubscribeRequestMessage['filter']>;
type Lists = Omit<NonNullable<FilterMessage['exclude']>, 'mediaKind'>;

const LISTS = [...VALUE_FIELDS, 'keyword'] as const;

/** Checks a request as those of all transports are. Throws ZodError. */
export function readRequest({ filter, cursor }: SubscribeRequestMessage): SubscribeRequest {
  const request = { ...(filter && { filter: readFilter(filter) }), ...(cursor !== '' && { cursor }) };
  const { filter: checked } = subscribeSchema.parse(request);
  return { ...(checked && { filter: checked }), ...(cursor !== '' && { cursor }) };
}

/** An empty list, and a number of 0, are ones that were not given. */
function readFilter({
  hasMedia,
  mediaKind,
  reply,
  sensitive,
  bot,
  minLength,
  exclude,
  ...lists
}: FilterMessage): object {
  const not = exclude && { ...given(exclude), ...(exclude.mediaKind.length > 0 && { media: exclude.mediaKind }) };
  return {
    ...given(lists),
    ...(hasMedia !== undefined && { media: hasMedia }),
    ...(mediaKind.length > 0 && { media: mediaKind }),
    ...(reply !== undefined && { reply }),
    ...(sensitive !== undefined && { sensitive }),
    ...(bot !== undefined && { bot }),
    ...(minLength > 0 && { min_length: minLength }),
    ...(not && { not }),
  };
}

function given(lists: Lists): object {
  return Object.fromEntries(LISTS.filter((name) => lists[name].length > 0).map((name) => [name, lists[name]]));
}
