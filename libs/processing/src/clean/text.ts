/** Control characters that no text needs; tabs and line breaks stay. */
const CONTROL = /[\p{Cc}--[\t\n\r]]/gv;

/** A text as it was meant, without control characters and halves of surrogate pairs. It is text: not to be read as HTML. */
export function cleanText(text: string): string {
  return text.toWellFormed().replace(CONTROL, '');
}

/** A colour in hexadecimal, as servers send them: clients put them into styles. */
export function isColour(text: string): boolean {
  return /^#[0-9a-f]{3,8}$/i.test(text);
}
