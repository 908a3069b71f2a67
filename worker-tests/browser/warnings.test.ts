import type { Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WidgetAnswer } from '../../src/protocol/bodies.ts';
import { faultsInEveryLook } from './axe.ts';
import { claim, openWaiting, pressLauncher, say, shows, widgetIn } from './person.ts';
import { Scene } from './scene.ts';
import { expectTree } from './tree.ts';

// People are about to send what they should not, and are told so before it goes.

let scene: Scene;
beforeAll(async () => {
  scene = await Scene.open();
});
afterAll(() => scene.close());

const card = 'My card is 4111 1111 1111 1111, thanks';
const maskedCard = 'My card is •••• •••• •••• 1111, thanks';
const looksLikeCard =
  'This looks like card details. If you send it, that part is masked, and nobody can read it.';
const saysMasked = 'Masked here: card details. Nobody can read it.';
const special = 'This seems to be about health, or something else that is very personal.';

const box = (place: Page | Frame) => place.getByRole('textbox', { name: 'Message' });
const warning = (place: Page | Frame) => place.locator('.warning');
const isInSight = (element: Element) => {
  const { left, bottom } = element.getBoundingClientRect();
  return element.contains(document.elementFromPoint(left + 4, bottom - 4));
};
const isFocused = (element: Element) => element === document.activeElement;

/** Writes it as a person would, and waits until what warns is there: its style is the last thing that it brings. */
async function write(widget: Frame, text: string, field = box(widget)): Promise<void> {
  await field.fill(text);
  await expect
    .poll(() =>
      widget.evaluate(() =>
        document.adoptedStyleSheets.some(({ cssRules }) =>
          [...cssRules].some(({ cssText }) => cssText.startsWith('.warning')),
        ),
      ),
    )
    .toBe(true);
}

/** The same before a member of staff, whose warning has a place of its own. */
async function writeAtDesk(page: Page, field: ReturnType<Page['getByRole']>, text: string): Promise<void> {
  await field.fill(text);
  await page.locator('.pane > .guard').waitFor({ state: 'attached' });
}

/** The message that begins so, with all that is said below it. */
const said = (place: Page | Frame, text: string) => place.locator('.message', { hasText: text });

test('D13 D15 a customer is warned of a card before it goes, by the keyboard alone, and sends it masked or changed', async () => {
  const { page, widget } = await scene.customer();
  const begun: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/api/v1/conversations')) begun.push('one');
  });
  await write(widget, card);
  // A key that is held down does not send what it has just warned of.
  await page.keyboard.down('Enter');
  await widget.getByText(looksLikeCard).waitFor();
  await page.keyboard.down('Enter');
  await page.keyboard.up('Enter');
  await expectTree(
    widget.locator('.outcome'),
    `
    - alert:
      - paragraph:
        - text: ${looksLikeCard}
        - button "Change it"
        - button "Send it all the same"
    `,
  );
  expect(await box(widget).evaluate(isFocused)).toBe(true);
  expect(await box(widget).inputValue()).toBe(card);
  const faults = await faultsInEveryLook('warned', page, widget);

  // Escape puts the warning away, not the chat.
  await page.keyboard.press('Escape');
  await warning(widget).waitFor({ state: 'detached' });
  expect(await box(widget).inputValue()).toBe(card);
  await page.keyboard.press('Enter');
  await warning(widget).waitFor();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Shift+Tab');
  expect(await widget.getByRole('button', { name: 'Change it' }).evaluate(isFocused)).toBe(true);
  await page.keyboard.press('Enter');
  await warning(widget).waitFor({ state: 'detached' });
  expect(await widget.evaluate(() => getSelection()?.toString())).toBe('4111 1111 1111 1111');
  expect(begun).toEqual([]);
  // What was found is selected, so that other words take its place.
  await page.keyboard.type('one that ends in 1111');
  await page.keyboard.press('Enter');
  await shows(widget, 'My card is one that ends in 1111, thanks');
  await expect.poll(() => begun).toEqual(['one']);

  await write(widget, card);
  await page.keyboard.press('Enter');
  await warning(widget).waitFor();
  await page.keyboard.press('Enter');
  await said(widget, maskedCard).getByText(saysMasked).waitFor();
  await write(widget, card);
  await widget.getByRole('button', { name: 'Send', exact: true }).click();
  await widget.getByRole('button', { name: 'Send it all the same' }).click();
  await expect.poll(() => said(widget, maskedCard).count()).toBe(2);
  expect(await box(widget).evaluate(isFocused)).toBe(true);
  faults.push(...(await faultsInEveryLook('masked', page, widget)));
  expect(faults).toEqual([]);
  await page.context().close();
  expect(scene.complaints).toEqual([]);
});

test('D14 words of health are warned of once in a conversation and a page, and go as they are', async () => {
  const { page, widget } = await scene.customer();
  await write(widget, 'Is it safe? I am pregnant.');
  await page.keyboard.press('Enter');
  await warning(widget).getByText(special).waitFor();
  expect(await widget.getByText(looksLikeCard).count()).toBe(0);
  await page.keyboard.press('Enter');
  await shows(widget, 'Is it safe? I am pregnant.');
  await say(widget, 'Since my diagnosis I drink decaf.');
  await said(widget, 'Since my diagnosis I drink decaf.').getByText('Sent', { exact: true }).waitFor();
  expect(await widget.locator('.masked').count()).toBe(0);
  await page.reload();
  await pressLauncher(page);
  const again = await widgetIn(page);
  await shows(again, 'Since my diagnosis I drink decaf.');
  await write(again, 'Or is it my diabetes?');
  await box(again).press('Enter');
  await warning(again).getByText(special).waitFor();
  await page.context().close();
});

test.each([
  ['de-DE', 'Das sieht aus wie Kartendaten.', 'Trotzdem senden', 'Hier unkenntlich gemacht: Kartendaten.'],
  ['ar-EG', 'يبدو هذا مثل بيانات بطاقة.', 'إرسال رغم ذلك', 'حُجب هنا: بيانات بطاقة.'],
])('D13 D15 in %s too', async (locale, looksLike, again, isMasked) => {
  const { page, widget } = await scene.customer({ locale });
  await write(widget, card, widget.locator('textarea'));
  await page.keyboard.press('Enter');
  await widget.getByText(looksLike).waitFor();
  const faults = await faultsInEveryLook(`warned, ${locale}`, page, widget);
  await widget.getByRole('button', { name: again }).click();
  await said(widget, maskedCard).getByText(isMasked).waitFor();
  faults.push(...(await faultsInEveryLook(`masked, ${locale}`, page, widget)));
  expect(faults).toEqual([]);
  await page.context().close();
});

test('D13 D15 staff are warned in answers, notes and the note of a hand-over, and both sides see what was masked', async () => {
  const anna = await scene.staff('Anna');
  const { page, widget } = await scene.customer();
  await say(widget, 'Which card do you have of me?');
  await openWaiting(anna, 'Which card do you have of me?');
  await claim(anna);
  await writeAtDesk(anna, box(anna), card);
  await box(anna).press('Enter');
  await warning(anna).getByText(looksLikeCard).waitFor();
  expect(await box(anna).evaluate(isFocused)).toBe(true);
  const faults = await faultsInEveryLook('staff, warned', anna);
  await anna.getByRole('button', { name: 'Send it all the same' }).click();
  await said(anna, maskedCard).getByText(saysMasked).waitFor();
  await said(widget, maskedCard).getByText(saysMasked).waitFor();

  await anna.getByRole('button', { name: 'Note', exact: true }).click();
  const note = anna.getByRole('textbox', { name: /^Note/ });
  await writeAtDesk(anna, note, 'Their PIN is 4711, and they told of diabetes');
  await note.press('Enter');
  await warning(anna).getByText('This looks like a password or key.').waitFor();
  await warning(anna).getByText(special).waitFor();
  await note.press('Escape');
  await warning(anna).waitFor({ state: 'detached' });
  await note.press('Enter');
  // What they were told once is not told again.
  await warning(anna).getByText('This looks like a password or key.').waitFor();
  expect(await anna.getByText(special).count()).toBe(0);
  await note.press('Enter');
  const kept = said(anna, 'Their PIN is [••• secret], and they told of diabetes');
  await kept.getByText('Masked here: a password or key.').waitFor();
  faults.push(...(await faultsInEveryLook('a masked note', anna)));

  await anna.getByRole('button', { name: 'Hand over' }).click();
  const dialog = anna.getByRole('dialog');
  await dialog.getByRole('radio').first().check();
  await dialog.getByLabel(/^A note for them/).fill('Their PIN is 4711');
  await dialog.locator('.guard').waitFor({ state: 'attached' });
  await dialog.getByRole('button', { name: 'Hand over', exact: true }).click();
  await dialog.getByText('This looks like a password or key.').waitFor();
  faults.push(...(await faultsInEveryLook('a hand-over, warned', anna)));
  await anna.setViewportSize({ width: 375, height: 500 });
  await anna.keyboard.press('Escape');
  await dialog.locator('.warning').waitFor({ state: 'detached' });
  await dialog.getByRole('button', { name: 'Hand over', exact: true }).click();
  // However low the window is, it comes into sight.
  await expect.poll(() => dialog.locator('.warning').evaluate(isInSight)).toBe(true);
  await anna.keyboard.press('Escape');
  await dialog.locator('.warning').waitFor({ state: 'detached' });
  expect(await dialog.getByLabel(/^A note for them/).inputValue()).toBe('Their PIN is 4711');
  await dialog.getByRole('button', { name: 'Hand over', exact: true }).click();
  await dialog.getByRole('button', { name: 'Hand over all the same' }).click();
  await dialog.waitFor({ state: 'detached' });
  await said(anna, 'Their PIN is [••• secret]').nth(1).getByText('Masked here:').waitFor();
  expect(faults).toEqual([]);
  await anna.context().close();
  await page.context().close();
  expect(scene.complaints).toEqual([]);
});

test('D13 where what warns can not be had, nobody is kept from sending, and it is masked', async () => {
  const page = await scene.stranger();
  await page.context().route(/\/assets\/warning-/, (route) => route.abort());
  await page.goto(`${scene.sotto.home.shopOrigin}/`);
  await pressLauncher(page);
  const widget = await widgetIn(page);
  await say(widget, card);
  await said(widget, maskedCard).waitFor();
  expect(await warning(widget).count()).toBe(0);
  await page.context().close();
});

test('D16 a site’s kinds are set beside everything else of it, with what it means, and customers are warned of those', async () => {
  const { origin } = scene.sotto.home;
  const site = scene.sotto.demo.sites[0]?.id ?? '';
  const settings = async () => {
    const answer = await fetch(`${origin}/api/v1/sites/${site}/widget`);
    return ((await answer.json()) as WidgetAnswer).settings;
  };
  const before = await settings();
  const olivia = await scene.staff('Olivia');
  await olivia.goto(`${origin}/#/settings/sites/${site}`);
  const part = olivia.getByRole('group', { name: 'What is masked' });
  expect(await part.getByRole('status').textContent()).toBe('');
  await part.getByLabel('Account numbers (IBAN)').check();
  await part.getByLabel(/^Card numbers/).uncheck();
  await part.getByRole('status').getByText('Card numbers and security codes then stay readable').waitFor();
  const faults = await faultsInEveryLook('masking', olivia);
  await olivia.getByRole('button', { name: 'Save', exact: true }).click();
  await olivia.getByText('Saved.', { exact: true }).waitFor();
  expect(await settings()).toEqual({
    ...before,
    masking: { cards: false, ibans: true, nationalIds: false, secrets: true },
  });
  const { page, widget } = await scene.customer();
  await write(widget, 'Back to DE89 3704 0044 0532 0130 00, not to 4111 1111 1111 1111');
  await page.keyboard.press('Enter');
  await widget.getByText('This looks like an account number.').waitFor();
  await page.keyboard.press('Enter');
  await said(widget, 'Back to [••• iban], not to 4111 1111 1111 1111')
    .getByText('Masked here: an account number.')
    .waitFor();
  expect(faults).toEqual([]);
  await page.context().close();
  await olivia.context().close();
});
