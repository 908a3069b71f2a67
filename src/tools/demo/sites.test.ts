import * as v from 'valibot';
import { expect, test } from 'vitest';
import { replyRequest, siteSettingsSchema } from '../../protocol/bodies.ts';
import { newId } from '../../protocol/ids.ts';
import { REPLIES } from './replies.ts';
import { SITES } from './sites.ts';

test('what the demo seeds is what the server takes', () => {
  for (const { settings } of SITES) expect(v.parse(siteSettingsSchema, settings)).toEqual(settings);
  for (const { shortcut, text } of REPLIES)
    expect(v.is(replyRequest, { team: newId('team'), shortcut, text })).toBe(true);
});

test('the first site lets a newcomer chat at once, and between them the sites show all that a site can ask', () => {
  const [first, second] = SITES;
  expect(first?.settings.questions).toEqual([]);
  expect(first?.settings.consent).toBeNull();
  expect(second?.settings.consent).not.toBeNull();
  const kinds = SITES.flatMap(({ settings }) => settings.questions.map(({ kind }) => kind));
  expect(new Set(kinds)).toEqual(new Set(['name', 'address', 'text']));
});
