import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { claim, pressLauncher, say, shows, widgetIn } from './person.ts';
import { type Customer, Scene } from './scene.ts';
import { expectTree, launcherIn } from './tree.ts';

// What a screen reader gets of both faces. One story, told once: each test goes on where the one before ended.

const look = { locale: 'en-GB', timezoneId: 'Europe/Berlin', viewport: { width: 1280, height: 800 } };
const answer = 'We do: **Quiet Harbour**.\n- Tuesday\n- Thursday\nhttps://example.com/decaf';
let scene: Scene;
let anna: Page;
let ines: Page;
let kim: Customer;

beforeAll(async () => {
  scene = await Scene.open();
  [anna, ines] = await Promise.all([scene.staff('Anna', look), scene.staff('Ines', look)]);
});
afterAll(() => scene.close());

test('B4 the door of the dashboard: two named fields, and what there is besides', async () => {
  const page = await scene.stranger(look);
  await page.goto(`${scene.sotto.home.origin}/`);
  await expectTree(
    page,
    `
    - main:
      - heading "Sotto" [level=1]
      - text: E-mail address
      - textbox "E-mail address"
      - text: Password
      - textbox "Password"
      - alert
      - button "Sign in"
      - button "Sign in with a passkey"
      - alert
      - alert
      - button "I have forgotten my password"
    `,
  );
  await page.context().close();
});

test('B4 an empty inbox says why it is empty and what comes next', async () => {
  await expectTree(
    anna,
    `
    - banner:
      - heading "Sotto" [level=1]
      - alert
      - button "Commands Ctrl K"
      - button "Anna Berg Agent · Available"
    - status
    - region "Desktop notices":
      - paragraph: Shall your browser tell you when a customer waits, even while this page is in the background?
      - button "Turn on notices"
      - button "Not now"
    - status
    - status
    - main:
      - navigation "Conversations":
        - group "Which conversations":
          - button "Mine 0"
          - button "Waiting 0" [pressed]
          - button "All 0"
        - paragraph: Nobody is waiting.
        - paragraph: Whoever writes next appears here.
        - list "Conversations"
      - paragraph: Choose a conversation to read it here.
      - paragraph: j and k move through the list, Enter opens, ? shows all keys.
    `,
  );
  await anna.getByRole('button', { name: 'Not now' }).click();
});

test('B4 the launcher is a button that says whether the chat is open', async () => {
  const page = await scene.stranger(look);
  await page.goto(`${scene.sotto.home.shopOrigin}/roastery`);
  await expect.poll(() => launcherIn(page)).toEqual(['button "Chat" [collapsed]']);
  await pressLauncher(page);
  await expect.poll(() => launcherIn(page)).toEqual(['button "Chat" [expanded]', 'Iframe "Chat"']);
  kim = { page, widget: await widgetIn(page) };
});

test('B4 a newcomer hears whose chat it is, who is there, the greeting, and where to write', async () => {
  const { page, widget } = await scene.customer(look);
  await expectTree(
    widget,
    `
    - main:
      - heading "Ask the quay" [level=1]
      - status: We are here.
      - button "Menu"
      - button "Close chat"
      - status
      - paragraph: Ahoy! Which coffee suits your machine, and where is your parcel? We know both.
      - log "Messages"
      - alert
      - textbox "Message":
        - /placeholder: Write a message
      - button "Send" [disabled]
      - paragraph: Messages are encrypted in transit and at rest.
    `,
  );
  await page.context().close();
});

test('B4 questions and consent are one named form, and what is missing is said at its field', async () => {
  const form = kim.widget.getByRole('form');
  await kim.widget.getByLabel('Your e-mail address').fill('kim');
  await kim.widget.getByRole('button', { name: 'Start', exact: true }).click();
  await expectTree(
    kim.widget,
    `
    - main:
      - heading "Talk to the roasters" [level=1]
      - status: We are here.
      - button "Menu"
      - button "Close chat"
      - status
      - paragraph: We roast on Tuesdays. Ask us anything about beans, batches and tours.
      - log "Messages"
      - alert
      - form "Before we begin":
        - text: Your name (optional)
        - textbox "Your name (optional)"
        - text: Your e-mail address (optional)
        - textbox "Your e-mail address (optional)" [invalid]: kim
        - text: This is not an e-mail address. Which batch is it about? (optional)
        - textbox "Which batch is it about? (optional)"
        - checkbox "We keep what you write here for a year, to answer you and to learn from it." [invalid]
        - text: We keep what you write here for a year, to answer you and to learn from it. We need your consent to begin.
        - button "Start"
      - paragraph: Messages are encrypted in transit and at rest.
    `,
  );
  await form.getByLabel('Your name').fill('Kim');
  await form.getByLabel('Your e-mail address').fill('kim@example.com');
  await form.getByLabel('Which batch is it about?').fill('The green one');
  await form.getByRole('checkbox').check();
  await form.getByRole('button', { name: 'Start', exact: true }).click();
});

test('B4 what was written is an article of its own with its author, time and standing', async () => {
  await say(kim.widget, 'Do you have decaf?');
  await expectTree(
    kim.widget,
    `
    - main:
      - heading "Talk to the roasters" [level=1]
      - status: We have your message. Somebody will be with you soon.
      - button "Menu"
      - button "Close chat"
      - status
      - log "Messages":
        - text: This is where the conversation begins.
        - paragraph: Today
        - article:
          - text: You Do you have decaf?
          - time: hh:mm
          - text: Sent
          - button "Delete this message"
      - alert
      - button "Attach files"
      - textbox "Message":
        - /placeholder: Write a message
      - button "Send" [disabled]
      - paragraph: Messages are encrypted in transit and at rest.
    `,
  );
});

test('B4 a line of the list says who, what they need, where and when', async () => {
  await expectTree(
    anna.getByRole('navigation', { name: 'Conversations' }),
    `
    - navigation "Conversations":
      - group "Which conversations":
        - button "Mine 0"
        - button "Waiting 1" [pressed]
        - button "All 1"
      - list "Conversations":
        - listitem:
          - link "Kim New, some time Harbour Roastery hh:mm":
            - /url: "#/conversations/con_id"
            - text: Kim New, some time Harbour Roastery
            - time: hh:mm
    `,
  );
});

test('B4 an opened conversation goes from whom it is with, over what was said, to what can be done', async () => {
  await anna.getByRole('link', { name: /^Kim/ }).click();
  await expectTree(
    anna.getByRole('region', { name: 'Kim' }),
    `
    - region "Kim":
      - heading "Kim" [level=2]
      - paragraph:
        - text: Nobody has claimed it · Harbour Roastery ·
        - time: hh:mm
        - text: · Customer is here
      - group "What to do with this conversation":
        - button "Claim"
      - alert
      - log "Messages":
        - text: This is where the conversation begins.
        - paragraph: Today
        - article:
          - text: Kim
          - time: hh:mm
          - text: Do you have decaf?
          - button "Actions for the message of Kim, hh:mm"
      - paragraph: Claim this conversation to answer.
      - button "Write a note"
      - button "Claim"
    `,
  );
});

test('B4 an answer is said once, without its marks, and then stands in the thread alone', async () => {
  await claim(anna);
  await say(anna, answer);
  const heard = kim.widget.locator('[aria-live=polite]', { hasText: 'Anna Berg' });
  await expectTree(
    heard,
    `
    - paragraph: "Anna Berg: We do: Quiet Harbour. Tuesday Thursday https://example.com/decaf"
    `,
  );
  await say(kim.widget, 'Lovely, two bags!');
  await expectTree(
    kim.widget,
    `
    - main:
      - heading "Talk to the roasters" [level=1]
      - status: You are talking with Anna Berg.
      - button "Menu"
      - button "Close chat"
      - status
      - log "Messages":
        - text: This is where the conversation begins.
        - paragraph: Today
        - article:
          - text: You Do you have decaf?
          - time: hh:mm
          - text: Read
          - button "Delete this message"
        - article:
          - text: Anna Berg
          - time: hh:mm
          - text: "We do:"
          - strong: Quiet Harbour
          - text: .
          - list:
            - listitem: Tuesday
            - listitem: Thursday
          - link "https://example.com/decaf":
            - /url: https://example.com/decaf
        - article:
          - text: You Lovely, two bags!
          - time: hh:mm
          - text: Read
          - button "Delete this message"
      - alert
      - button "Attach files"
      - textbox "Message":
        - /placeholder: Write a message
      - button "Send" [disabled]
      - paragraph: Messages are encrypted in transit and at rest.
    `,
  );
});

test('B4 a claimed conversation: a note says that it is one, and both ways of writing are told apart', async () => {
  await anna.getByRole('button', { name: 'Note', exact: true }).click();
  await anna.getByRole('textbox', { name: /^Note/ }).fill('Likes dark roasts.');
  await anna.keyboard.press('Enter');
  await anna.getByRole('button', { name: /^Mine/ }).click();
  await expectTree(
    anna.getByRole('main'),
    `
    - main:
      - navigation "Conversations":
        - group "Which conversations":
          - button "Mine 1" [pressed]
          - button "Waiting 0"
          - button "All 1"
        - list "Conversations":
          - listitem:
            - link "Kim Waits some time Harbour Roastery You · hh:mm":
              - /url: "#/conversations/con_id"
              - text: Kim Waits some time Harbour Roastery You ·
              - time: hh:mm
      - region "Kim":
        - heading "Kim" [level=2]
        - paragraph:
          - text: Claimed by you · Harbour Roastery ·
          - time: hh:mm
          - text: · Customer is here
        - group "What to do with this conversation":
          - button "Hand over"
          - button "Snooze"
          - button "Close"
        - alert
        - log "Messages":
          - text: This is where the conversation begins.
          - paragraph: Today
          - article:
            - text: Kim
            - time: hh:mm
            - text: Do you have decaf?
            - button "Actions for the message of Kim, hh:mm"
          - article:
            - text: "You We do:"
            - strong: Quiet Harbour
            - text: .
            - list:
              - listitem: Tuesday
              - listitem: Thursday
            - link "https://example.com/decaf":
              - /url: https://example.com/decaf
            - time: hh:mm
            - text: Read
            - button "Actions for the message of Anna Berg, hh:mm"
          - article:
            - text: Kim
            - time: hh:mm
            - text: Lovely, two bags!
            - button "Actions for the message of Kim, hh:mm"
          - article:
            - text: You Note Likes dark roasts.
            - time: hh:mm
            - button "Actions for the message of Anna Berg, hh:mm"
        - group "What you write":
          - button "Answer"
          - button "Note" [pressed]
        - strong: "Note: customers never see this"
        - button "Canned reply"
        - 'textbox "Note: customers never see this"':
          - /placeholder: Write a note for your colleagues
        - button "Send" [disabled]
      - complementary "Customer":
        - paragraph: Kim
        - paragraph: kim@example.com
        - paragraph: "Not verified: anybody can have typed this."
        - paragraph:
          - button "Edit the customer’s details": Edit
        - term: Writes from
        - definition:
          - link "http://shop/roastery":
            - /url: http://shop/roastery
        - term: Site
        - definition: Harbour Roastery
        - term: Team
        - definition: Support
        - term: Language
        - definition: British English
        - term: Local time
        - definition: day hh:mm (Europe/Berlin)
        - term: Began
        - definition:
          - time: hh:mm
        - term: Consent
        - definition: Version 2026-11, date, hh:mm
        - region "Before the chat":
          - heading "Before the chat" [level=3]
          - term: Which batch is it about?
          - definition: The green one
        - region "Tags":
          - heading "Tags" [level=3]
          - paragraph: No tags.
          - textbox "Add a tag"
          - button "Add"
          - alert
        - heading "Files" [level=3]
        - alert
        - paragraph: No files.
        - heading "Other conversations" [level=3]
        - alert
        - paragraph: This is the only one on this site.
        - button "Mail this conversation…"
        - status
    `,
  );
});

test('B4 a window is named, begins with its heading, and asks one thing after the other', async () => {
  await anna.getByRole('button', { name: 'Hand over' }).click();
  await expectTree(
    anna.getByRole('dialog'),
    `
    - dialog "Hand over this conversation":
      - heading "Hand over this conversation" [level=2]
      - button "Close this window"
      - group "To somebody in this team":
        - text: To somebody in this team
        - radio "Ben Okafor Not here"
        - text: Ben Okafor Not here
        - radio "Olivia Hart Not here"
        - text: Olivia Hart Not here
        - radio "Samir Patel Not here"
        - text: Samir Patel Not here
      - group "To another team":
        - text: To another team
        - radio "Orders and returns"
        - text: Orders and returns
      - text: A note for them (customers never see this)
      - textbox "A note for them (customers never see this)"
      - alert
      - button "Hand over"
    `,
  );
  await anna.keyboard.press('Escape');
  await anna.getByRole('dialog').waitFor({ state: 'hidden' });
});

test('B4 the commands are a list to choose from, each with its place and its key', async () => {
  await anna.keyboard.press('Control+k');
  await anna.getByRole('combobox').fill('show');
  await expectTree(
    anna.getByRole('dialog'),
    `
    - dialog "Commands":
      - heading "Commands" [level=2]
      - button "Close this window"
      - combobox "Find a command" [expanded]: show
      - listbox "Commands":
        - option "Show the keyboard shortcuts Everywhere ?" [selected]
        - option "Show mine In the list 1"
        - option "Show those waiting In the list 2"
        - option "Show all In the list 3"
        - option "Show the customer In a conversation i"
        - option "Show the files In a conversation f"
      - status
    `,
  );
  await anna.keyboard.press('Escape');
  await anna.getByRole('dialog').waitFor({ state: 'hidden' });
});

test('B4 who may only read is told so, and is offered nothing else', async () => {
  await ines.getByRole('button', { name: /^All/ }).click();
  await ines.getByRole('link', { name: /^Kim/ }).click();
  await expectTree(
    ines.getByRole('region', { name: 'Kim' }),
    `
    - region "Kim":
      - heading "Kim" [level=2]
      - paragraph:
        - text: Claimed by Anna Berg · Harbour Roastery ·
        - time: hh:mm
        - text: · Customer is here
      - alert
      - log "Messages":
        - text: This is where the conversation begins.
        - paragraph: Today
        - article:
          - text: Kim
          - time: hh:mm
          - text: Do you have decaf?
          - button "Actions for the message of Kim, hh:mm"
        - article:
          - text: Anna Berg
          - time: hh:mm
          - text: "We do:"
          - strong: Quiet Harbour
          - text: .
          - list:
            - listitem: Tuesday
            - listitem: Thursday
          - link "https://example.com/decaf":
            - /url: https://example.com/decaf
          - button "Actions for the message of Anna Berg, hh:mm"
        - article:
          - text: Kim
          - time: hh:mm
          - text: Lovely, two bags!
          - button "Actions for the message of Kim, hh:mm"
        - article:
          - text: Anna Berg Note
          - time: hh:mm
          - text: Likes dark roasts.
          - button "Actions for the message of Anna Berg, hh:mm"
      - paragraph: "Also reading: Anna Berg"
      - paragraph: You can read this conversation, but not answer.
    `,
  );
});

test('B4 an unread answer is in the launcher’s name', async () => {
  await kim.widget.getByRole('button', { name: 'Close chat' }).click();
  await anna.getByRole('button', { name: 'Answer', exact: true }).click();
  await say(anna, 'They are on their way.');
  await expect.poll(() => launcherIn(kim.page)).toEqual(['button "Chat, 1 unread message" [collapsed]']);
  await pressLauncher(kim.page);
});

test('B4 a lost line is said at the top, and what waits for it says so', async () => {
  const line = kim.widget.getByRole('status').nth(1);
  await kim.page.context().setOffline(true);
  await say(kim.widget, 'From a tunnel');
  await expectTree(
    line,
    `
    - status:
      - text: You are offline. What you write is kept here until the connection is back.
      - button "Try now"
    `,
  );
  await expectTree(
    kim.widget.getByRole('article').last(),
    `
    - article:
      - text: You From a tunnel
      - time: hh:mm
      - text: Waiting for the connection…
    `,
  );
  await kim.page.context().setOffline(false);
  await shows(anna, 'From a tunnel');
});

test('B4 the end: who has ended it is not left alone, and five named marks ask how it was', async () => {
  await anna.getByRole('button', { name: 'Close', exact: true }).click();
  const end = kim.widget.getByRole('region', { name: 'This conversation has ended.' });
  await expectTree(
    end,
    `
    - region "This conversation has ended.":
      - status
      - group "How was this conversation?":
        - text: How was this conversation?
        - radio "1 Very bad"
        - text: 1 Very bad
        - radio "2 Bad"
        - text: 2 Bad
        - radio "3 Neither good nor bad"
        - text: 3 Neither good nor bad
        - radio "4 Good"
        - text: 4 Good
        - radio "5 Very good"
        - text: 5 Very good
      - alert
      - button "Start a new conversation"
    `,
  );
  await end.getByRole('radio', { name: '4 Good' }).check();
  await end.getByRole('button', { name: 'Send rating' }).click();
  await expectTree(
    end,
    `
    - region "This conversation has ended.":
      - status: Thank you for your rating.
      - button "Start a new conversation"
    `,
  );
});

test('W6 all of it asked nobody else and broke no policy', () => {
  expect(scene.complaints).toEqual([]);
});
