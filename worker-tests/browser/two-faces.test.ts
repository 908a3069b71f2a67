import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { claim, openShowing, openWaiting, pressLauncher, say, shows, texts, widgetIn } from './person.ts';
import { type Customer, Scene } from './scene.ts';

// What two agents and a customer do with one another, seen from all their screens.

let scene: Scene;
let anna: Page;
let ben: Page;

beforeAll(async () => {
  scene = await Scene.open();
  anna = await scene.staff('Anna');
  ben = await scene.staff('Ben');
});
afterAll(() => scene.close());

async function writes(text: string): Promise<Customer> {
  const customer = await scene.customer();
  await say(customer.widget, text);
  // A page that is left before may take it along.
  await customer.widget.getByText('Sent', { exact: true }).waitFor();
  return customer;
}

test('C8 two agents claim at the same moment: one has it, the other is told who', async () => {
  const { page } = await writes('who is quicker?');
  for (const agent of [anna, ben]) await openWaiting(agent, 'who is quicker?');
  const button = (agent: Page) => agent.getByRole('button', { name: 'Claim', exact: true }).first();
  // Found before either is pressed: whoever is slower may find that theirs has gone.
  const buttons = await Promise.all([anna, ben].map((agent) => button(agent).elementHandle()));
  await Promise.all(
    buttons.map((one) =>
      one.evaluate((element) => {
        (element as HTMLElement).click();
      }),
    ),
  );
  const writing = async (agent: Page) => agent.getByRole('textbox', { name: 'Message' }).isVisible();
  await expect.poll(async () => (await writing(anna)) !== (await writing(ben))).toBe(true);
  const [winner, loser] = (await writing(anna)) ? ['Anna', ben] : ['Ben', anna];
  await loser
    .getByText(new RegExp(`${winner} \\w+ has this conversation|${winner} \\w+ was quicker`))
    .first()
    .waitFor();
  await page.context().close();
});

test('B2 a conversation is handed over with a note, which the customer never sees', async () => {
  const { page } = await writes('please hand me over');
  const heard: string[] = [];
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => heard.push(String(payload))));
  await page.reload();
  await pressLauncher(page);
  const again = await widgetIn(page);
  await openWaiting(anna, 'please hand me over');
  await claim(anna);
  await anna.getByRole('button', { name: 'Hand over' }).click();
  const dialog = anna.getByRole('dialog', { name: 'Hand over this conversation' });
  await dialog.getByRole('radio', { name: /Ben/ }).check();
  await dialog.getByRole('textbox').fill('MARKED-NOTE a difficult one');
  await dialog.getByRole('button', { name: 'Hand over' }).click();
  await dialog.waitFor({ state: 'detached' });

  await openShowing(ben, 'Mine', 'please hand me over');
  await shows(ben, 'MARKED-NOTE a difficult one');
  await say(ben, 'I am here now');
  await shows(again, 'I am here now');
  await again.getByText(/You are talking with Ben/).waitFor();
  expect(heard.join('\n')).toContain('I am here now');
  expect(heard.join('\n')).not.toContain('MARKED-NOTE');
  expect(await again.locator('body').textContent()).not.toContain('MARKED-NOTE');
  await page.context().close();
});

test('I6 the list says what customers are called, whether or not their conversations were opened here', async () => {
  const { page } = await writes('what am I called?');
  await openWaiting(anna, 'what am I called?');
  await claim(anna);
  await anna.getByRole('button', { name: 'Edit the customer’s details' }).click();
  await anna.getByLabel('Name', { exact: true }).fill('Kim from the list');
  await anna.getByRole('button', { name: 'Save' }).click();
  const named = (agent: Page) =>
    agent.getByRole('list', { name: 'Conversations' }).getByText('Kim from the list').waitFor();
  await anna.getByRole('button', { name: /^All/ }).click();
  await named(anna);
  await ben.goto(`${scene.sotto.home.origin}/`);
  await ben.getByRole('button', { name: /^All/ }).click();
  await named(ben);
  await page.context().close();
});

test('C19 C20 each side sees what the other has read, and who writes', async () => {
  const { page, widget } = await writes('do you read me?');
  await openWaiting(anna, 'do you read me?');
  await claim(anna);
  await widget.getByText('Read', { exact: true }).waitFor();
  await anna.getByRole('textbox', { name: 'Message' }).pressSequentially('Lo', { delay: 50 });
  await widget.getByText(/Anna Berg is writing/).waitFor();
  await anna.getByRole('textbox', { name: 'Message' }).fill('Loud and clear');
  await anna.keyboard.press('Enter');
  await shows(widget, 'Loud and clear');
  await anna.getByText('Read', { exact: true }).waitFor();
  await page.context().close();
});

test('C22 an author takes back a message: its place stays, its text is gone for everybody', async () => {
  const { page, widget } = await writes('before the slip');
  await openWaiting(anna, 'before the slip');
  await claim(anna);
  await say(anna, 'MARKED-SLIP this was for somebody else');
  await shows(widget, 'MARKED-SLIP this was for somebody else');
  await anna
    .getByRole('button', { name: /^Actions for the message of Anna/ })
    .last()
    .click();
  await anna
    .getByRole('group', { name: 'What to do with this message' })
    .getByRole('button', { name: 'Delete' })
    .click();
  await anna.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  for (const place of [anna, widget]) {
    await expect.poll(async () => (await texts(place)).join()).not.toContain('MARKED-SLIP');
    expect(await texts(place)).toHaveLength(2);
  }
  await page.context().close();
});

test('B4 a whole answer by keyboard alone: from the list to the sent message, with a canned reply and back', async () => {
  const { page, widget } = await writes('no mouse, please');
  await openWaiting(anna, 'no mouse, please');
  await anna.evaluate(() => {
    location.hash = '#/';
  });
  await anna.getByText('Choose a conversation').waitFor();
  await anna.keyboard.press('Escape');
  await anna.keyboard.press('2');
  await anna.keyboard.press('j');
  await anna.keyboard.press('End');
  await anna.keyboard.press('Enter');
  await shows(anna, 'no mouse, please');
  await anna.keyboard.press('c');
  await anna.getByRole('textbox', { name: 'Message' }).waitFor();
  await expect.poll(() => anna.evaluate(() => document.activeElement?.tagName)).toBe('TEXTAREA');
  await anna.keyboard.type('By keys alone.');
  await anna.keyboard.press('Enter');
  await shows(widget, 'By keys alone.');
  const box = anna.getByRole('textbox', { name: 'Message' });
  const offers = anna.getByRole('listbox', { name: 'Canned replies' });
  const chosen = offers.getByRole('option', { selected: true });
  // From outside of the box one key leads to the replies, and Escape out of them and then out of the box.
  await anna.keyboard.press('Escape');
  await anna.keyboard.press('/');
  await offers.waitFor();
  await expect.poll(() => box.evaluate((field) => field === document.activeElement)).toBe(true);
  await anna.keyboard.press('Escape');
  await offers.waitFor({ state: 'detached' });
  expect(await box.evaluate((field) => field === document.activeElement)).toBe(true);
  await anna.keyboard.press('Backspace');
  // In the box a slash and a few letters do, and the arrows lead through what is offered.
  await anna.keyboard.type('/e');
  const before = await chosen.textContent();
  await anna.keyboard.press('ArrowDown');
  await expect.poll(() => chosen.textContent()).not.toBe(before);
  await anna.keyboard.press('Backspace');
  await anna.keyboard.type('hel');
  await expect.poll(() => chosen.textContent()).toContain('/hello');
  await anna.keyboard.press('Enter');
  // What nobody knows is said before it is sent.
  const filled = 'Hello there, this is Anna Berg. How can I help?';
  expect(await box.inputValue()).toBe(filled);
  expect(await offers.count()).toBe(0);
  await anna.getByRole('status').getByText('Not known here: the customer’s name.').waitFor();
  expect(await texts(widget)).not.toContain(filled);
  await anna.keyboard.press('Enter');
  await shows(widget, filled);
  expect(await anna.getByText('Not known here').count()).toBe(0);
  await anna.keyboard.press('Escape');
  await anna.keyboard.press('x');
  await widget.getByRole('button', { name: 'Start a new conversation' }).waitFor();
  await page.context().close();
});

test('a canned reply is filled with who writes to whom on which site, in the middle of what is written, and is its writer’s to change', async () => {
  const { page, widget } = await scene.customer({}, '/roastery');
  await widget.getByLabel(/^Your name/).fill('Kim Lane');
  await widget.getByRole('checkbox').check();
  await widget.getByRole('button', { name: 'Start', exact: true }).click();
  await say(widget, 'that was all');
  await openWaiting(anna, 'that was all');
  await claim(anna);
  const box = anna.getByRole('textbox', { name: 'Message' });
  // Faster than it can be drawn: no letter goes past.
  await box.pressSequentially('Good. /bye');
  await anna
    .getByRole('listbox', { name: 'Canned replies' })
    .getByRole('option', { selected: true })
    .waitFor();
  await anna.keyboard.press('Tab');
  const filled = 'Good. Thank you for writing to Harbour Roastery, Kim Lane. Have a good day!';
  expect(await box.inputValue()).toBe(filled);
  expect(await anna.getByText('Not known here').count()).toBe(0);
  await anna.keyboard.type(' Anna');
  await anna.keyboard.press('Enter');
  await shows(widget, `${filled} Anna`);
  await page.context().close();
});

test('B4 a customer writes by keyboard alone, and Escape closes the chat', async () => {
  const page = await scene.stranger();
  await page.goto(`${scene.sotto.home.shopOrigin}/`);
  for (let tabs = 0; tabs < 60; tabs++) {
    await page.keyboard.press('Tab');
    const onHost = await page.evaluate(() => document.activeElement?.tagName === 'DIV');
    if (onHost) break;
  }
  await page.keyboard.press('Enter');
  const widget = await expect
    .poll(() => page.frames().find((frame) => frame.url().includes('/widget/')), { timeout: 10_000 })
    .toBeDefined()
    .then(() => page.frames().find((frame) => frame.url().includes('/widget/')));
  if (widget === undefined) throw new Error('there is no widget');
  await expect.poll(() => widget.evaluate(() => document.activeElement?.tagName)).toBe('TEXTAREA');
  await page.keyboard.type('typed and sent');
  await page.keyboard.press('Enter');
  await shows(widget, 'typed and sent');
  await page.keyboard.press('Escape');
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('DIV');
  await page.context().close();
});

test('W6 all of it asked nobody else and broke no policy', () => {
  expect(scene.complaints).toEqual([]);
});
