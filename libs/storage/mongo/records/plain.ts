/** A document as it is read and written: an object of no class. */
export type Plain<Described> = { [Field in keyof Described]: Described[Field] };
