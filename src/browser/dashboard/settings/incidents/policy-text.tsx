/** The policy as it is read: its headings, and below them the small Markdown of messages. */
import { richText } from '../../../ui/rich-text.tsx';
import '../../../ui/rich-text.css';

const RichText = richText(() => null);
const heading = /^(#{1,3}) (.+)$/;

export function PolicyText({ text }: { text: string }) {
  return (
    <div class="incident-policy" dir="auto">
      {partsOf(text).map((part, n) => {
        const [, marks, title] = heading.exec(part) ?? [];
        if (title === undefined)
          return (
            <div key={n} class="incident-text">
              <RichText text={part} markup />
            </div>
          );
        return marks === '#' ? <h4 key={n}>{title}</h4> : <h5 key={n}>{title}</h5>;
      })}
    </div>
  );
}

/** Headings, each by itself, and what stands between them. */
function partsOf(text: string): string[] {
  const parts: string[] = [];
  let between: string[] = [];
  const end = () => {
    const part = between.join('\n').trim();
    if (part !== '') parts.push(part);
    between = [];
  };
  for (const line of text.split('\n')) {
    if (!heading.test(line)) between.push(line);
    else {
      end();
      parts.push(line);
    }
  }
  end();
  return parts;
}
