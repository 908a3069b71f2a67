/**
 * Public collections of texts that want to be run, and of texts that break things. They are read from where
 * SOTTO_VECTORS points and not kept here (vitest.vectors.config.ts).
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { expect, inject } from 'vitest';
import { limits } from '../../src/protocol/limits.ts';
import { shows, texts } from './person.ts';
import type { Scene } from './scene.ts';

declare module 'vitest' {
  interface ProvidedContext {
    vectors: string;
  }
}

const read = (name: string): unknown => JSON.parse(readFileSync(path.join(inject('vectors'), name), 'utf8'));
const bytes = (text: string) => new TextEncoder().encode(text).length;
const sendable = (text: string) => text.isWellFormed() && text !== '' && bytes(text) <= limits.textBytes;
const xss = read('xss_payloads.json') as {
  payloadbox_sample: string[];
  payloads_all_the_things: string[];
  dompurify_fixtures: { payload: string }[];
};
const scripts = [
  ...xss.payloadbox_sample,
  ...xss.payloads_all_the_things,
  ...xss.dompurify_fixtures.map(({ payload }) => payload),
];
const naughty = read('blns.json') as string[];

/** Each once: what wants to be run, then what breaks things. */
export const corpus = [...new Set([...scripts, ...naughty])].filter(sendable);

/** With their numbers, as `test.each` takes them. */
export function batchesOf<Each>(all: readonly Each[], size: number): [index: number, batch: Each[]][] {
  const starts = Array.from({ length: Math.ceil(all.length / size) }, (_, index) => index * size);
  return starts.map((start, index) => [index, all.slice(start, start + size)]);
}

/** Whatever runs in this page leaves a mark. */
export function armed(): void {
  for (const name of ['alert', 'prompt', 'confirm', 'print'] as const) {
    window[name] = () => {
      Object.assign(window, { __xss: true });
      return null as never;
    };
  }
}

/** Nothing has run there, nothing has become an element that could, and nobody else was asked for anything. */
export async function untouched(scene: Scene, place: Page | Frame): Promise<void> {
  const state = await place.evaluate(() => ({
    ran: '__xss' in window,
    grown: document.querySelectorAll(
      'script:not([src]), img[src^="x"], object, embed, base, body style, svg[onload], [onerror], [onload], [onclick], [onmouseover], [onfocus], [style*="expression"], a[href^="javascript" i], a[href^="data:" i], a[href^="vbscript" i]',
    ).length,
  }));
  expect(state).toEqual({ ran: false, grown: 0 });
  expect(scene.complaints).toEqual([]);
}

export async function openConversation(page: Page, id: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `#/conversations/${id}`);
}

/** Waits until the thread shows this text, and has all that was said before it shown too. */
export async function showsAll(place: Page | Frame, last: string): Promise<void> {
  await shows(place, last);
  const older = place.getByRole('button', { name: 'Show earlier messages' });
  await expect.poll(() => place.locator('.edge').innerText()).toMatch(/earlier messages|begins/);
  while (await older.isVisible()) {
    const before = (await texts(place)).length;
    await older.click().catch(() => undefined);
    await expect.poll(async () => (await texts(place)).length, { timeout: 20_000 }).toBeGreaterThan(before);
  }
}
