/**
 * Fills a canned reply: `{{customer.name}}` and its like. What is not known becomes a neutral word, and whoever
 * sends it is told which those were.
 */

export const placeholders = ['customer.name', 'agent.name', 'site.name'] as const;
export type Placeholder = (typeof placeholders)[number];
export type Known = Record<Placeholder, string | null>;

export interface Filled {
  text: string;
  /** What the reply asks for and nobody knows. */
  missing: string[];
}

const pattern = /\{\{\s*([^{}]*?)\s*\}\}/g;

export function filled(reply: string, known: Known, neutral: Record<Placeholder, string>): Filled {
  const missing = new Set<string>();
  const text = reply.replace(pattern, (written: string, name: string) => {
    if (!isPlaceholder(name)) {
      missing.add(name);
      return written;
    }
    const value = known[name]?.trim() ?? '';
    if (value === '') missing.add(name);
    return value === '' ? neutral[name] : value;
  });
  return { text, missing: [...missing] };
}

/** What stands in braces and is not a placeholder: a slip of whoever wrote the reply. */
export function unknownPlaceholders(reply: string): string[] {
  const names = [...reply.matchAll(pattern)].map(([, name = '']) => name);
  return [...new Set(names.filter((name) => !isPlaceholder(name)))];
}

function isPlaceholder(name: string): name is Placeholder {
  return (placeholders as readonly string[]).includes(name);
}
