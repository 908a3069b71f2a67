import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SignJWT } from 'jose';
import { codeOf, stepAt } from '../../src/tools/demo/codes.ts';
import { claim, openWaiting, pressLauncher, say, shows, signIn, widgetIn } from './person.ts';
import { Scene } from './scene.ts';
import { Trail } from './trail.ts';

// The whole way through dashboard and widget, with an eye on every address.

let scene: Scene;
const trail = new Trail();
beforeAll(async () => {
  scene = await Scene.open();
});
afterAll(() => scene.close());

const stranger = async () => trail.follow(await scene.stranger());
const staff = async (name: string) => {
  const page = await stranger();
  await signIn(page, scene.sotto.home.origin, scene.person(name));
  return page;
};
/** The link in somebody's newest mail. */
async function mailed(page: Page, address: string, kind: string): Promise<string> {
  const { mail } = scene.sotto.home;
  for (let waited = 0; waited < 10_000; waited += 100) {
    for (const name of readdirSync(mail).filter((file) => file.includes(address))) {
      const [link] =
        new RegExp(`http\\S+#/${kind}/\\S+`).exec(readFileSync(path.join(mail, name), 'utf8')) ?? [];
      if (link !== undefined) return link;
    }
    await page.waitForTimeout(100);
  }
  throw new Error(`no mail to ${address}`);
}
const tokenIn = (link: string) => /[^/]+$/.exec(link)?.[0] ?? '';

test('S9 W2 S14 V2 (incident row 10) no token, ticket, code, key or session stands in an address, shown, asked for, in the history or passed on', async () => {
  const { origin, shopOrigin } = scene.sotto.home;
  const [site] = scene.sotto.demo.sites;

  // An owner in all of the settings, who makes what is shown once.
  const olivia = await staff('Olivia');
  for (const screen of ['people', 'roles', 'teams', 'sites', 'replies', 'visitors', 'organisation']) {
    await olivia.goto(`${origin}/#/settings/${screen}`);
    await olivia.getByRole('heading', { level: 2 }).first().waitFor();
  }
  await olivia.goto(`${origin}/#/settings/sites/${site?.id ?? ''}`);
  await olivia.getByRole('button', { name: 'Make a shared secret' }).click();
  const secret = (await olivia.getByLabel('The secret', { exact: true }).textContent()) ?? '';
  await olivia.goto(`${origin}/#/me`);
  await olivia.getByRole('button', { name: 'Make new codes' }).click();
  await olivia.locator('.codes code').first().waitFor();
  await olivia.reload();
  await olivia
    .getByRole('button', { name: 'Make an owner key' })
    .or(olivia.getByRole('button', { name: 'Make a new owner key' }))
    .click();
  await olivia.locator('.codes code').first().waitFor();
  await olivia.goto(`${origin}/#/settings/people/new`);
  await olivia.getByLabel('Name').fill('Nina');
  await olivia.getByLabel('E-mail address').fill('nina@example.com');
  await olivia.locator('form button[type=submit]').click();
  await olivia.getByRole('heading', { name: 'Nina' }).waitFor();

  // Somebody who is invited and enrols, and somebody who has forgotten their password.
  const nina = await stranger();
  const invitation = await mailed(nina, 'nina@example.com', 'invitation');
  await nina.goto(invitation);
  await nina.getByLabel('Password').fill('a phrase that Nina alone has');
  await nina.getByRole('button', { name: 'Continue' }).click();
  await nina.getByLabel('E-mail address').fill('nina@example.com');
  await nina.getByLabel('Password').fill('a phrase that Nina alone has');
  await nina.getByRole('button', { name: 'Sign in', exact: true }).click();
  const typed = (await nina.locator('code.secret').innerText()).replaceAll(/\s/g, '');
  await nina
    .getByLabel('One-time code')
    .fill(codeOf(`otpauth://totp/Sotto?secret=${typed}`, stepAt(Date.now())));
  await nina.getByRole('button', { name: 'Confirm' }).click();
  await nina.getByRole('heading', { name: 'Keep these recovery codes' }).waitFor();
  await nina
    .getByLabel('Type one of them back')
    .fill((await nina.locator('.codes code').allInnerTexts())[0] ?? '');
  await nina.getByRole('button', { name: 'I have kept them' }).click();
  await nina.getByRole('list', { name: 'Conversations' }).waitFor();
  const ben = await stranger();
  const { address } = scene.person('Ben');
  await ben.goto(`${origin}/`);
  await ben.getByRole('button', { name: 'I have forgotten my password' }).click();
  await ben.getByLabel('E-mail address').fill(address);
  await ben.getByRole('button', { name: 'Send the link' }).click();
  const reset = await mailed(ben, address, 'reset');
  await ben.goto(reset);
  await ben.getByLabel('Password').fill('a phrase that Ben alone has');
  await ben.getByRole('button', { name: 'Continue' }).click();
  await ben.getByRole('status').getByText('Your password is changed.').waitFor();

  // A customer for whom the shop vouches, one who is nobody, and who answers them.
  const vouched = await stranger();
  await vouched.context().grantPermissions(['local-network-access']);
  const script = `<script src="${origin}/loader.js" data-site="${site?.id ?? ''}" data-vouch="/who" defer></script>`;
  await vouched.route(`${shopOrigin}/mine`, (route) =>
    route.fulfill({ contentType: 'text/html', body: `<!doctype html><title>Shop</title>${script}` }),
  );
  await vouched.route(`${shopOrigin}/who`, async (route) => {
    const token = await new SignJWT({ name: 'Kim' })
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience(site?.id ?? '')
      .setSubject('customer-42')
      .setJti(crypto.randomUUID())
      .setExpirationTime('5m')
      .sign(new TextEncoder().encode(secret));
    await route.fulfill({ contentType: 'text/plain', body: token });
  });
  await vouched.goto(`${shopOrigin}/mine`);
  const nobody = await stranger();
  await nobody.goto(`${shopOrigin}/?utm=1`);
  for (const [page, text] of [
    [vouched, 'vouched for'],
    [nobody, 'nobody at all'],
  ] as const) {
    await pressLauncher(page);
    const widget = await widgetIn(page);
    await say(widget, text);
    await widget.getByText('Sent', { exact: true }).waitFor();
  }
  const anna = await staff('Anna');
  await openWaiting(anna, 'nobody at all');
  await claim(anna);
  await say(anna, 'Hello');
  await shows(await widgetIn(nobody), 'Hello');
  await nobody.reload();
  await pressLauncher(nobody);
  await shows(await widgetIn(nobody), 'Hello');

  for (const page of [olivia, nina, ben, vouched, nobody, anna]) await trail.leave(page);
  // It would have seen them: each kind was there to be found, and each kind of address.
  const names = new Set(trail.secrets.values());
  for (const name of ['access', 'token', 'ticket', 'secret', 'uri', 'recoveryCodes', 'ownerKey', 'queueKey'])
    expect([name, names.has(name)]).toEqual([name, true]);
  for (const name of ['vouch', 'password', 'code', 'cookie __Host-sotto-staff'])
    expect([name, names.has(name)]).toEqual([name, true]);
  for (const link of [invitation, reset]) expect(trail.secrets.get(tokenIn(link))).toBe('token');
  const all = [...trail.addresses];
  for (const part of [
    '/teams/tea_',
    '/conversations/con_',
    '/widget/sit_',
    '/sites/sit_',
    '#/settings/people',
  ])
    expect([part, all.some((each) => each.includes(part))]).toEqual([part, true]);
  expect(
    all.filter((each) => /^ws.*\/(?:teams|conversations)\/.*\/socket/.test(each)).length,
  ).toBeGreaterThan(3);
  expect(trail.found()).toEqual([]);
  // Nor does anything that looks like one: a token of three parts, or a session's name.
  expect([...all, ...trail.referers].filter((each) => /eyJ[\w-]+\.|ses_/.test(each))).toEqual([]);
});
