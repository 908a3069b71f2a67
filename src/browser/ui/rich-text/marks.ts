/** Whether a text may look other than it was sent, by its marks and addresses; where not, nobody need read it for them. */
const address = /https?:\/\//i;
/** What a line begins with, or words stand between, where it is more than itself. */
const mark = /[`*_>•-]|\d[.)]/;

export function hasMarks(text: string, markup: boolean): boolean {
  return address.test(text) || (markup && mark.test(text));
}
