/** The screens of incidents: one is declared by keyboard, worked on, and closed with its review. */
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { faultsInEveryLook } from './axe.ts';
import { giveCode } from './person.ts';
import { Scene } from './scene.ts';

// One story in order: a plan, an incident, and its end.

const look = { locale: 'en-GB', timezoneId: 'Europe/Berlin', viewport: { width: 1280, height: 800 } };
let scene: Scene;
let olivia: Page;
const at = (page: Page, hash: string) => page.goto(`${scene.sotto.home.origin}/${hash}`);
const part = (name: string) => olivia.getByRole('region', { name, exact: true });

beforeAll(async () => {
  scene = await Scene.open();
  olivia = await scene.staff('Olivia', look);
}, 120_000);
afterAll(() => scene.close());

/** Goes to it as the keyboard does, and types. */
async function type(field: Locator, text: string): Promise<void> {
  await field.focus();
  await olivia.keyboard.type(text);
}
async function press(button: Locator): Promise<void> {
  await button.focus();
  await olivia.keyboard.press('Enter');
}
/** What is chosen, as it is shown. */
function chosen(choice: Locator): Promise<string> {
  return choice.evaluate((select: HTMLSelectElement) => select.selectedOptions[0]?.text ?? '');
}
function focusIsOn(heading: string): Promise<void> {
  return olivia.locator('h3:focus, h4:focus').filter({ hasText: heading }).waitFor();
}
/** Where their second factor was proved too long ago they are asked for it once more. */
async function proving(done: Locator): Promise<void> {
  const dialog = olivia.getByRole('dialog', { name: 'Confirm that it is you' });
  await done.or(dialog).first().waitFor();
  if (await dialog.isVisible()) await giveCode(olivia, scene.person('Olivia'));
  await done.waitFor();
}

test('N1 N2 an owner names who does what, saves the policy and approves it', async () => {
  await at(olivia, '#/settings/incidents');
  await olivia.getByText('There is no incident.').waitFor();
  expect(await faultsInEveryLook('no incident', olivia)).toEqual([]);
  await press(olivia.getByRole('link', { name: 'Policy and roles' }));
  await olivia.getByText('Not approved yet.').waitFor();
  await olivia.getByText('Nobody has: Lead, Technical, Privacy, Communications.').waitFor();
  for (const role of ['Lead', 'Privacy']) {
    const group = olivia.getByRole('group', { name: role });
    await group.getByLabel('Who', { exact: true }).selectOption({ label: 'Olivia Hart' });
    await type(group.getByLabel('How to reach them'), '+49 30 1234567');
  }
  await press(olivia.getByRole('button', { name: 'Save the roles' }));
  await proving(olivia.getByText('Nobody has: Technical, Communications.'));
  await press(olivia.getByRole('button', { name: 'Change it' }));
  await olivia.getByLabel('The policy, in Markdown').fill('# Stay calm\n\n- Call Olivia.');
  await press(olivia.getByRole('button', { name: 'Save as a new version' }));
  await proving(olivia.getByText('Version 1 is not approved yet.'));
  await olivia.getByRole('heading', { name: 'Stay calm' }).waitFor();
  await press(olivia.getByRole('button', { name: 'Approve this version' }));
  await proving(olivia.getByText('Version 1 is approved.'));
  expect(await faultsInEveryLook('plan', olivia)).toEqual([]);
});

test('N9 an incident is declared by keyboard alone, and those who have a role are mailed its kind', async () => {
  await olivia.keyboard.press('Control+k');
  await olivia.getByRole('dialog', { name: 'Commands' }).waitFor();
  await olivia.keyboard.type('incidents');
  await olivia.keyboard.press('Enter');
  await press(olivia.getByRole('link', { name: 'Declare an incident' }));
  await type(olivia.getByLabel('What it is, in a line'), 'Anna gave her code away');
  await type(olivia.getByLabel('What happened, and how you noticed'), 'She called and told me.');
  await olivia.getByLabel('Whose account it is about').focus();
  await olivia.keyboard.type('Anna');
  expect(await faultsInEveryLook('declaring', olivia)).toEqual([]);
  await press(olivia.getByRole('button', { name: 'Declare it' }));
  await proving(olivia.getByRole('heading', { name: 'Anna gave her code away' }));
  await olivia.getByText('What happened, since when, and to whose data?').waitFor();
  const { address } = scene.person('Olivia');
  await expect
    .poll(() => scene.sotto.mails(address).some((mail) => mail.includes('An incident was declared in Sotto')))
    .toBe(true);
});

test('N3 what can contain it leads to where that is done, with whom it is about and since when filled in', async () => {
  const begun = await part('Who works on it, and on what').getByLabel('Since when').inputValue();
  await press(part('What can contain it').getByRole('link', { name: 'Lock somebody' }));
  await focusIsOn('Lock somebody');
  const act = olivia.getByRole('region', { name: 'Lock somebody' });
  expect(await chosen(act.getByLabel('Person'))).toBe('Anna Berg');
  expect(await chosen(olivia.getByLabel('Why'))).toBe('An account may be in other hands');
  await olivia.goBack();
  await press(part('What can contain it').getByRole('link', { name: 'What has somebody seen?' }));
  await focusIsOn('What has somebody seen?');
  expect(await chosen(olivia.getByLabel('Person').last())).toBe('Anna Berg');
  expect(await olivia.getByLabel('From', { exact: true }).inputValue()).toBe(begun);
  await olivia.goBack();
  await olivia.getByText('What happened, since when, and to whose data?').waitFor();
});

test('N4 N10 N6 it is worked on: a task, a decision, a clock that is settled, forward and back', async () => {
  const task = part('What is to be done').getByRole('checkbox').first();
  await task.focus();
  await olivia.keyboard.press('Space');
  await olivia.getByText(/^Done by Olivia Hart/).waitFor();
  await part('Notes and decisions').getByLabel('What it is').selectOption('Decision');
  await type(olivia.getByLabel('What you saw, or what was decided and why'), 'We lock her account.');
  await press(olivia.getByRole('button', { name: 'Write it down' }));
  await part('Notes and decisions').getByText('We lock her account.', { exact: true }).nth(0).waitFor();
  await press(olivia.getByRole('button', { name: 'Go on: contain' }));
  await proving(olivia.getByText('Stop it from getting worse.'));
  await press(olivia.getByRole('button', { name: 'Go back' }));
  await type(olivia.getByLabel('Why it goes back'), 'There is another account.');
  await press(olivia.getByRole('button', { name: 'Go back there' }));
  await proving(olivia.getByText('What happened, since when, and to whose data?'));
  const clocks = part('Whom the law wants told');
  await clocks.getByText(/left to tell/).waitFor();
  for (const clock of ['To the authority (GDPR)', 'To the people (GDPR)']) {
    await press(olivia.getByRole('button', { name: `Settle it: ${clock}` }));
    await olivia.getByLabel('How it is').selectOption({ label: 'They need not be told, because…' });
    await type(olivia.getByLabel('What was told to whom, or why not'), 'Nothing was read.');
    await press(olivia.getByRole('button', { name: 'Keep that' }));
    await proving(clocks.getByText('Nobody has to be told', { exact: true }).first());
    await expect.poll(() => olivia.getByRole('button', { name: `Settle it: ${clock}` }).count()).toBe(0);
  }
  await part('Timeline').getByText('Declare an incident').first().waitFor();
  expect(await faultsInEveryLook('an incident', olivia)).toEqual([]);
});

test('N5 it is closed with what was learnt, and who changes what by when', async () => {
  for (const state of ['contain', 'eradicate', 'recover', 'follow up']) {
    const button = olivia.getByRole('button', { name: `Go on: ${state}` });
    await press(button);
    await proving(olivia.locator('[aria-current="step"]').filter({ hasText: new RegExp(state, 'i') }));
  }
  await type(olivia.getByLabel('What was learnt'), 'Codes are asked for by telephone too.');
  const action = olivia.getByRole('group', { name: 'Action 1' });
  await type(action.getByLabel('What is changed'), 'Everybody takes the lesson on telephones.');
  await action.getByLabel('By whom').selectOption({ label: 'Olivia Hart' });
  await press(olivia.getByRole('button', { name: 'Close the incident' }));
  await proving(olivia.getByText('It is over.'));
  await part('Review').getByText('Codes are asked for by telephone too.').waitFor();
  await part('What follows from it').getByText('Everybody takes the lesson on telephones.').waitFor();
  expect(await faultsInEveryLook('a closed incident', olivia)).toEqual([]);
  await at(olivia, '#/settings/incidents');
  await olivia.getByText('There is no incident.').waitFor();
  await olivia.getByRole('link', { name: /Anna gave her code away/ }).waitFor();
  expect(scene.complaints).toEqual([]);
});

test('N10 who may not is told so', async () => {
  const anna = await scene.staff('Anna', look);
  await at(anna, '#/settings/incidents');
  await anna.getByRole('heading', { name: 'This is not yours to change' }).waitFor();
  await anna.context().close();
});
