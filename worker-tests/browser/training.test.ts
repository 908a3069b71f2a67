import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lessonOf } from '../../src/protocol/lessons.ts';
import { ROOT } from '../../src/tools/project.ts';
import { faultsInEveryLook } from './axe.ts';
import { claim, openWaiting, say, shows } from './person.ts';
import { Scene } from './scene.ts';
import { expectTree } from './tree.ts';

// One story in order: an owner asks for lessons, an agent is shut out, takes them by the keyboard, and reads again.

let scene: Scene;
let olivia: Page;
let anna: Page;
const at = (page: Page, hash: string) => page.goto(`${scene.sotto.home.origin}/${hash}`);
const closed = 'Conversations are closed to you: a lesson';

beforeAll(async () => {
  scene = await Scene.open();
  const customer = await scene.customer();
  await say(customer.widget, 'Do you ship to Norway?');
  await shows(customer.widget, 'Do you ship to Norway?');
  olivia = await scene.staff('Olivia');
  anna = await scene.staff('Anna');
}, 120_000);
afterAll(() => scene.close());

test('E5 E7 E11 an owner asks what is suggested with one press, and an agent is told at once what is closed, and why', async () => {
  await openWaiting(anna, 'Do you ship to Norway?');
  await at(olivia, '#/settings/training');
  await olivia.getByText('Nobody is asked to take a lesson yet.').waitFor();
  await olivia.getByLabel('What is asked for anew is to be taken').selectOption({ label: 'at once' });
  await olivia.getByRole('button', { name: 'Ask what is suggested' }).click();
  await olivia.getByRole('alertdialog').getByRole('button', { name: 'Ask it' }).click();
  await olivia.getByText('It holds at once, also for those who sit here.').first().waitFor();
  await anna.getByRole('status').filter({ hasText: closed }).waitFor();
  // What she had before her is gone from the screen, and so is the list.
  await anna.getByText('Do you ship to Norway?').waitFor({ state: 'detached' });
  await anna.getByText('Nobody is waiting.').waitFor();
  expect(await anna.getByRole('textbox', { name: 'Message' }).count()).toBe(0);
  expect(await faultsInEveryLook('shut out', anna)).toEqual([]);
});

test('E4 E11 she reads the lessons, answers them by the keyboard alone, and hears what was right and why', async () => {
  const link = anna.getByRole('link', { name: 'To your lessons' }).first();
  await link.focus();
  await anna.keyboard.press('Enter');
  const heading = anna.getByRole('heading', { name: 'Your lessons' });
  await heading.and(anna.locator(':focus')).waitFor();
  const open = anna.getByRole('region', { name: 'To take' });
  await open.getByText('Conversations are closed to you until then').first().waitFor();
  expect(await open.getByRole('link').count()).toBe(8);
  expect(await faultsInEveryLook('lessons', anna)).toEqual([]);
  await take('sensitive-data', async () => {
    await expectTree(
      anna.locator('.quiz fieldset').first(),
      `
      - 'group "1. A customer writes: “Please deliver after four, I have chemotherapy in the mornings.” What do you put into the note?"':
        - text: "1. A customer writes: “Please deliver after four, I have chemotherapy in the mornings.” What do you put into the note?"
        - radio "“Chemotherapy in the mornings, deliver after four.”"
        - text: “Chemotherapy in the mornings, deliver after four.”
        - radio "“Deliver after four.”"
        - text: “Deliver after four.”
        - 'radio "Nothing: the customer’s wish can’t be noted."'
        - text: "Nothing: the customer’s wish can’t be noted."
      `,
    );
    expect(await faultsInEveryLook('a lesson', anna)).toEqual([]);
    // What has no answer yet is said, and nothing is sent.
    await anna.getByRole('button', { name: 'Check my answers' }).focus();
    await anna.keyboard.press('Enter');
    await anna.getByText('Question 1 has no answer yet.').waitFor();
  });
  expect(await faultsInEveryLook('a lesson that is taken', anna)).toEqual([]);
  await anna
    .getByRole('region', { name: 'Questions' })
    .getByRole('link', { name: 'All lessons' })
    .press('Enter');
  await take('phishing');
});

test('E5 what they stood before is open again, without signing in, and what is left is said', async () => {
  await anna.keyboard.press('Control+k');
  await anna.keyboard.type('Go to the inbox');
  await anna.keyboard.press('Enter');
  await openWaiting(anna, 'Do you ship to Norway?');
  expect(await anna.getByText(closed).count()).toBe(0);
  await anna.getByText('Sensitive files are closed to you').waitFor();
});

test('E12 whoever is about to send a card number is shown the rule and its lesson', async () => {
  await claim(anna);
  await anna.getByRole('textbox', { name: 'Message' }).fill('My own card is 4111 1111 1111 1111');
  await anna.locator('.pane > .guard').waitFor({ state: 'attached' });
  await anna.keyboard.press('Enter');
  const alert = anna.getByRole('alert').filter({ hasText: 'This looks like card details' });
  await alert.getByText('Nobody needs a card number, a password or an identity number in a chat').waitFor();
  expect(await alert.getByRole('link', { name: /^The lesson/ }).getAttribute('href')).toBe(
    '#/training/sensitive-data',
  );
  expect(await faultsInEveryLook('the rule', anna)).toEqual([]);
  await anna.getByRole('textbox', { name: 'Message' }).fill('');
});

test('E10 an owner sees who has taken what', async () => {
  await at(olivia, '#/settings/training');
  await olivia.reload();
  const line = olivia.locator('.overview > li').filter({ hasText: 'Anna Berg' });
  await line.getByText('2 of 8 taken, 6 lessons overdue').waitFor();
  await line.locator('summary').press('Enter');
  await line.getByText(/Files and identity|identity documents: not taken/).waitFor();
  await olivia.getByText('Agent', { exact: true }).first().click();
  expect(await faultsInEveryLook('settings training', olivia)).toEqual([]);
});

test('E9 an owner writes a lesson of the organisation’s own, and everybody has it', async () => {
  await at(olivia, '#/settings/training/new');
  const box = olivia.getByLabel('The lesson, in Markdown');
  await box.fill('# Our till\n\nText.');
  await olivia.getByText('A lesson ends with its questions', { exact: false }).waitFor();
  await box.fill(
    '# Our till\n\nText, and <b>no HTML</b>.\n\n## Questions\n\n### Which?\n\n- [x] This\n- [ ] That\n\n> So.\n',
  );
  await olivia.getByText('Whole: about 1 min, 1 question.').waitFor();
  await olivia.getByText('As it is read').press('Enter');
  await olivia.getByText('Text, and <b>no HTML</b>.').first().waitFor();
  expect(await faultsInEveryLook('an own lesson', olivia)).toEqual([]);
  await olivia.getByRole('button', { name: 'Keep the lesson' }).click();
  await olivia.getByText('Version 1,', { exact: false }).waitFor();
  await at(anna, '#/training');
  await anna
    .getByRole('region', { name: 'To read, if you like' })
    .getByRole('link', { name: /^Our till/ })
    .waitFor();
});

test('W6 all of it asked nobody else and broke no policy', () => {
  expect(scene.complaints).toEqual([]);
});

/** Opens a lesson from the list and answers it, all by keys. @param first done before the answers */
async function take(name: string, first = async () => {}): Promise<void> {
  const file = path.join(ROOT, `src/duties/training/lessons/en/${name}.md`);
  const { title, questions } = lessonOf(readFileSync(file, 'utf8'));
  await anna.getByRole('link', { name: title }).press('Enter');
  await anna.getByRole('heading', { name: title }).and(anna.locator(':focus')).waitFor();
  await first();
  await anna.locator('.quiz input').first().focus();
  await anna.keyboard.press('Shift+Tab');
  for (const { options } of questions) {
    const right = options.flatMap((option, at) => (option.right ? [at] : []));
    if (right.length > 1) {
      for (const option of options) {
        await anna.keyboard.press('Tab');
        if (option.right) await anna.keyboard.press('Space');
      }
    } else {
      await anna.keyboard.press('Tab');
      await anna.keyboard.press('Space');
      for (let step = 0; step < (right[0] ?? 0); step++) await anna.keyboard.press('ArrowDown');
    }
  }
  await anna.keyboard.press('Tab');
  await anna.keyboard.press('Enter');
  const said = anna.getByRole('heading', { name: /5 of 5 right. You have taken this lesson./ });
  await said.and(anna.locator(':focus')).waitFor();
  await anna.getByText('Right.', { exact: false }).first().waitFor();
}
