/** The digits of the hub's ids of posts, in the order of their value: Crockford's base 32, as in ULIDs. */
export const ID_DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
