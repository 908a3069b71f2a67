/** What a screen reader gets of a screen, as text that can be compared: Playwright's snapshot of the accessibility tree. */
import type { Frame, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** What is another one in every run. */
const placeholders: readonly [RegExp, string][] = [
  [/\b\d\d:\d\d\b/g, 'hh:mm'],
  [/\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?=hh:mm)/g, 'day '],
  [/\b\d{1,2} \w{3,4} \d{4}(?=, hh:mm)/g, 'date'],
  [/under a minute|\b\d+ min\b/g, 'some time'],
  [/con_[\w-]{22}/g, 'con_id'],
  [/127\.0\.0\.1:\d+/g, 'shop'],
];

/** Waits until the tree is that; where it does not come to be, it says in what they differ. */
export async function expectTree(place: Page | Frame | Locator, wanted: string): Promise<void> {
  const root = 'goto' in place ? place.locator('body') : place;
  await expect.poll(() => treeOf(root), { timeout: 15_000 }).toBe(unindented(wanted));
}

async function treeOf(root: Locator): Promise<string> {
  let tree = await root.ariaSnapshot();
  for (const [pattern, placeholder] of placeholders) tree = tree.replace(pattern, placeholder);
  return tree;
}

function unindented(text: string): string {
  const lines = text.split('\n').slice(1, -1);
  const margin = Math.min(...lines.map((line) => line.search(/\S/)));
  return lines.map((line) => line.slice(margin)).join('\n');
}

/**
 * The launcher and the frame that it opens, which lie in a closed shadow root: only the browser's own tree shows
 * them, here by role, name and whether it is open.
 */
export async function launcherIn(page: Page): Promise<string[]> {
  const devtools = await page.context().newCDPSession(page);
  const { nodes } = await devtools.send('Accessibility.getFullAXTree');
  await devtools.detach();
  return nodes
    .filter(({ name }) => /^Chat/.test(String(name?.value)))
    .filter(({ role }) => ['button', 'Iframe'].includes(String(role?.value)))
    .map(({ role, name, properties = [] }) => {
      const expanded: unknown = properties.find((property) => property.name === 'expanded')?.value.value;
      const state = expanded === undefined ? '' : expanded === true ? ' [expanded]' : ' [collapsed]';
      return `${String(role?.value)} "${String(name?.value)}"${state}`;
    });
}
