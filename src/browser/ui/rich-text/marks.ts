/** Whether a text may look other than it was sent, by its marks and addresses; where not, nobody need read it for them. */

/** An address, or what stands for something that was masked. */
const always = /https?:\/\/|•{3}/i;
/** What a line begins with, or words stand between, where it is more than itself. */
const mark = /[`*_>•-]|\d[.)]/;

export function hasMarks(text: string, markup: boolean): boolean {
  return always.test(text) || (markup && mark.test(text));
}
