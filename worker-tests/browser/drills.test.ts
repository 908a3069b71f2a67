/** A drill as somebody plays it in the dashboard: from pressing the button to the report, and how its parts look. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DrillsAnswer, DrillView } from '../../src/protocol/drills.ts';
import { faultsInEveryLook } from './axe.ts';
import { Scene } from './scene.ts';

const look = { locale: 'en-GB', timezoneId: 'Europe/Berlin', viewport: { width: 1280, height: 800 } };
let scene: Scene;
let olivia: Page;
beforeAll(async () => {
  scene = await Scene.open();
  olivia = await scene.staff('Olivia', look);
}, 120_000);
afterAll(() => scene.close());

const focused = () =>
  olivia.evaluate(() => {
    const at = document.activeElement;
    return at?.getAttribute('aria-label') ?? at?.textContent;
  });
async function press(name: string): Promise<void> {
  for (let tries = 0; tries < 60; tries++) {
    if ((await focused()) === name) return olivia.keyboard.press('Enter');
    await olivia.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${name}`);
}
const at = (part: string) => `${scene.sotto.home.origin}/#/settings/incidents/${part}`;

test('N40 N41 an owner plays a drill by keyboard alone, contains it, and reads what it has shown', async () => {
  await olivia.goto(at('drills'));
  await olivia.getByText('No drill was played yet.').waitFor();
  expect(await faultsInEveryLook('no drill', olivia)).toEqual([]);
  await press('Play it: A stolen account reads');
  await olivia.getByRole('status').filter({ hasText: 'The drill has begun.' }).waitFor();
  await olivia.getByText('One is played at a time.').first().waitFor();
  const raised = 'The alarm was raised. Declare the incident, and contain it.';
  await olivia.getByText(raised).waitFor({ timeout: 60_000 });
  expect(await faultsInEveryLook('a drill that goes on', olivia)).toEqual([]);
  await olivia.goto(`${scene.sotto.home.origin}/#/settings/alarms`);
  await olivia.getByText(/^DRILL: nothing has happened/).waitFor();
  await olivia.goto(at('drills'));
  await press('The account that is played');
  await olivia.getByRole('heading', { name: 'DRILL: agent' }).waitFor();
  await olivia.getByRole('button', { name: 'Sign out everywhere' }).click();
  await olivia.getByRole('alertdialog').getByRole('button', { name: 'Sign out', exact: true }).click();
  await olivia.getByText('They are signed out everywhere.').waitFor();
  await olivia.goto(at('drills'));
  await olivia.getByText('contained, with one gap').first().waitFor({ timeout: 60_000 });
  await olivia.getByRole('link', { name: /^A stolen account reads/ }).click();
  await olivia.getByRole('heading', { name: 'Report of a drill' }).waitFor();
  await olivia.getByText('40 of 40, and nothing else').waitFor();
  await olivia
    .getByText('Nobody declared an incident. Does everybody know where, and that they may?')
    .waitFor();
  expect(await faultsInEveryLook('a report', olivia)).toEqual([]);
  expect(scene.complaints).toEqual([]);
});

test('N41 a report says every gap, on a narrow screen too', async () => {
  const view: DrillView = {
    ...{ id: 'dri_AAAAAAAAAAAAAAAAAAAAAA' as DrillView['id'], scenario: 'file', begunAt: 1_790_000_000_000 },
    ...{ begunBy: 'per_AAAAAAAAAAAAAAAAAAAAAA' as DrillView['begunBy'], overAt: 1_790_002_000_000 },
    account: 'per_AAAAAAAAAAAAAAAAAAAAAA' as DrillView['account'],
    report: {
      ...{ playedAt: 1_790_000_001_000, alarm: null, declared: null, recoveredAt: null },
      contained: { at: 1_790_001_801_000, by: 'drill', socketMs: 1_204 },
      radius: { read: 1, found: 2, isExact: false },
      gaps: [
        'noScanner',
        'noAlarm',
        'notDeclared',
        'notContained',
        'slowSocket',
        'radiusDiffers',
        'notRecovered',
      ],
    },
  };
  await olivia.route('**/api/v1/drills', (route) =>
    route.fulfill({ json: { drills: [view] } satisfies DrillsAnswer }),
  );
  await olivia.setViewportSize({ width: 375, height: 700 });
  await olivia.goto(at(view.id));
  await olivia.getByText('30 min 1 s, by the drill').waitFor();
  await olivia.getByText('Read: 1. Named by the ledger: 2.').waitFor();
  expect(await olivia.getByRole('region', { name: 'Gaps' }).getByRole('listitem').count()).toBe(7);
  expect(await olivia.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375);
  expect(await faultsInEveryLook('a report with gaps', olivia)).toEqual([]);
});
