/** A lesson's text in its parts: headings, and between them paragraphs of staff's small Markdown. */

export type Part = { is: 'heading'; level: 2 | 3; text: string } | { is: 'text'; text: string };

const heading = /^(##|###)\s+(\S.*)$/;
const fence = /^\s{0,3}```/;

/** Empty lines part, but within a fence of code. */
export function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  let open: string[] = [];
  let isCode = false;
  const close = () => {
    if (open.length > 0) parts.push({ is: 'text', text: open.join('\n') });
    open = [];
  };
  for (const line of text.split('\n')) {
    if (fence.test(line)) isCode = !isCode;
    const [, marks, title] = (isCode ? null : heading.exec(line)) ?? [];
    if (marks !== undefined && title !== undefined) {
      close();
      parts.push({ is: 'heading', level: marks === '##' ? 2 : 3, text: title.trim() });
    } else if (line.trim() === '' && !isCode) close();
    else open.push(line);
  }
  close();
  return parts;
}
