/** No space, bracket, quote or control character: nothing that could end the link or hide where it leads. */
const plainAddress = /^https?:\/\/[\w.-]+(:\d{1,5})?(\/[\w.~%/#?=&+-]{0,500})?$/;

/** A link to a web address that came from outside. `text` is Markdown of ours; it is all that is left of an address of another shape. */
export function webLink(text: string, address: string): string {
  return plainAddress.test(address) ? `[${text}](${address})` : text;
}
