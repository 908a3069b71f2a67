import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Mailbox } from './mail.ts';

const folder = mkdtempSync(join(tmpdir(), 'sotto-mail-'));
afterAll(() => rmSync(folder, { recursive: true }));

const text = join(folder, 'text.txt');
writeFileSync(text, 'Hello Anna.\nFrom: not a header\n');
const log = [
  '[wrangler:info] POST /api/v1/people 201 Created (12ms)',
  '[wrangler:info] send_email binding called with MessageBuilder:',
  'From: sotto@localhost',
  'To: anna@example.com',
  'Subject: Your invitation',
  '',
  `Text: ${text}`,
  '[wrangler:info] GET / 200 OK (3ms)',
];

test('a mail that the log tells of is kept with its headers, for this user only', async () => {
  const mailbox = new Mailbox(join(folder, 'kept'));
  for (const line of log) mailbox.hear(line);
  const mail = await mailbox.mailTo('anna@example.com', 10);
  expect(mail).toMatchObject({ subject: 'Your invitation', text: 'Hello Anna.\nFrom: not a header\n' });
  expect(statSync(mail.file).mode & 0o777).toBe(0o600);
  expect(readFileSync(mail.file, 'utf8')).toBe(
    'From: sotto@localhost\nTo: anna@example.com\nSubject: Your invitation\n\nHello Anna.\nFrom: not a header\n',
  );
});

test('who waits for a mail gets it when it comes, and nobody else’s', async () => {
  const mailbox = new Mailbox(join(folder, 'late'));
  const forBen = mailbox.mailTo('ben@example.com', 20);
  const forAnna = mailbox.mailTo('anna@example.com', 1_000);
  for (const line of log) mailbox.hear(line);
  expect((await forAnna).subject).toBe('Your invitation');
  await expect(forBen).rejects.toThrow('No mail to ben@example.com');
});

test('a mail that is handed over as it travels is kept whole, by its own headers', async () => {
  const eml = join(folder, 'mail.eml');
  writeFileSync(eml, 'From: sotto@localhost\r\nTo: kim@example.com\r\nSubject: Sealed\r\n\r\nbytes\r\n');
  const mailbox = new Mailbox(join(folder, 'whole'));
  for (const line of ['send_email binding called with the following message:', `Email: ${eml}`])
    mailbox.hear(line);
  const mail = await mailbox.mailTo('kim@example.com', 10);
  expect(mail.subject).toBe('Sealed');
  expect(mail.text).toContain('bytes');
});
