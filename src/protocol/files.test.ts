import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanName, extensionOf, kindNames, kinds, type Secret, secretsHead, secretsIn } from './files.ts';

describe('F16 a name is clean', () => {
  it.each([
    ['photo.jpg', 'photo.jpg'],
    ['Übersicht 2026.PDF', 'Übersicht 2026.pdf'],
    ['e\u0301te\u0301.txt', 'été.txt'],
    ['版本.v1.2.pdf', '版本.v1.2.pdf'],
    ['../../../etc/passwd', 'passwd'],
    ['C:\\fakepath\\photo.jpg', 'photo.jpg'],
    ['folder/', 'file'],
    ['a\0b.txt', 'ab.txt'],
    ['a\tb\r\nc.txt', 'a b c.txt'],
    ['\u202eexe.fdp', 'exe.fdp'],
    ['a\u2066b\u2069\u200e\u061c.pdf', 'ab.pdf'],
    ['a\u200b\u200d\ufeff\u00ad\u3164\u2800.pdf', 'a.pdf'],
    ['a\u{e0041}\u{e0042}.pdf', 'a.pdf'],
    ['a\ud800.pdf', 'a.pdf'],
    ['  . a . .txt. . ', 'a.txt'],
    ['.htaccess', 'htaccess'],
    ['.', 'file'],
    ['', 'file'],
    ['.pdf', 'pdf'],
    ['CON', '_CON'],
    ['nul.txt', '_nul.txt'],
    ['nul.tar.pdf', 'nul_tar.pdf'],
    ['COM1 .txt', '_COM1.txt'],
    ['lpt¹.txt', '_lpt¹.txt'],
    ['console.txt', 'console.txt'],
    ['a.pdf:evil.exe', 'a.pdf_evil.exe'],
    ['a<b>"c|d?e*.txt', 'a_b__c_d_e_.txt'],
    ['a\u2044b\u2215c\uff0fd.txt', 'a_b_c_d.txt'],
    ['invoice.pdf.exe', 'invoice_pdf.exe'],
    ['invoice.pdf      .exe', 'invoice_pdf.exe'],
    ['invoice.EXE.pdf', 'invoice_EXE.pdf'],
    ['a.jpg.png.gif', 'a_jpg_png.gif'],
    [`${'a'.repeat(300)}.pdf`, `${'a'.repeat(195)}.pdf`],
    [`${'😀'.repeat(100)}.pdf`, `${'😀'.repeat(48)}.pdf`],
  ])('F16 %j is %j', (name, clean) => {
    expect(cleanName(name)).toBe(clean);
  });

  it('F16 whatever it was: short, in one line, of one step, and as clean as it gets', () => {
    const odd = fc.constantFrom(
      ...[
        '.',
        ' ',
        '..',
        '/',
        '\\',
        ':',
        '\0',
        '\n',
        '\u202e',
        '\u200b',
        'con',
        'nul',
        '.exe',
        '.pdf',
        '\ud800',
        'ä',
        '😀',
        'a',
      ],
    );
    const names = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.array(fc.oneof(odd, fc.string()), { maxLength: 40 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(names, (name) => {
        const clean = cleanName(name);
        expect(new TextEncoder().encode(clean).byteLength).toBeLessThanOrEqual(200);
        expect(clean).toMatch(/^(?![. ])[^/\\:*?"<>|\p{Cc}\p{Cf}\p{Cs}\p{Co}]+(?<![. ])$/u);
        expect(cleanName(clean)).toBe(clean);
      }),
      { numRuns: 300 },
    );
  });

  it('F16 a name of a million dots is as quick to clean as any', () => {
    expect(cleanName(`${'. '.repeat(500_000)}a${' .'.repeat(500_000)}`)).toBe('a');
    expect(cleanName(`a${'. '.repeat(500_000)}b`)).toMatch(/^a/);
  });

  it('F11 an extension belongs to one kind', () => {
    const all = kindNames.flatMap((kind) => [...kinds[kind].extensions]);
    expect(new Set(all).size).toBe(all.length);
    expect(all.map((each) => extensionOf(`a.${each}`))).toEqual(all);
  });
});

describe('F18 secrets that people send without meaning to are noticed', () => {
  const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJuYW5hIn0.c2lnbmF0dXJl';

  it.each<[string, string, Secret]>([
    ['shop.example.har', '', 'recording'],
    ['a.json', '{\n "log": {\n "version": "1.2", "creator": {', 'recording'],
    ['.env', '', 'settings'],
    ['.env.production', '', 'settings'],
    ['prod.env', '', 'settings'],
    ['.netrc', '', 'settings'],
    ['passwords.kdbx', '', 'settings'],
    ['a.txt', 'DB_HOST=localhost\nDB_PASSWORD="correct-horse"\n', 'settings'],
    ['a.txt', 'export STRIPE_SECRET_KEY=whatever-it-is', 'settings'],
    ['a.yml', 'url: postgres://shop:correct-horse@db.example/shop', 'settings'],
    ['id_rsa', '', 'private_key'],
    ['id_ed25519.txt', '', 'private_key'],
    ['server.key', '', 'private_key'],
    ['my.ppk', '', 'private_key'],
    ['a.txt', '-----BEGIN RSA PRIVATE KEY-----\nMIIE', 'private_key'],
    ['a.txt', '-----BEGIN PRIVATE KEY-----', 'private_key'],
    ['a.txt', '-----BEGIN OPENSSH PRIVATE KEY-----', 'private_key'],
    ['a.txt', '-----BEGIN PGP PRIVATE KEY BLOCK-----', 'private_key'],
    ['a.txt', 'PuTTY-User-Key-File-3: ssh-ed25519', 'private_key'],
    ['cookies.txt', '', 'token'],
    ['tokens.json', '', 'token'],
    ['a.txt', `the token was ${jwt}`, 'token'],
    ['a.log', 'Authorization: Bearer 0123456789abcdef', 'token'],
    ['a.log', 'Set-Cookie: session=0123456789abcdef; Secure', 'token'],
    ['a.json', '{"access_token": "0123456789abcdef"}', 'token'],
    ['a.txt', `token ghp_${'a1'.repeat(18)}`, 'token'],
    ['credentials', '', 'cloud_key'],
    ['a.txt', 'AKIAIOSFODNN7EXAMPLE', 'cloud_key'],
    ['a.json', '{"type": "service_account", "project_id"', 'cloud_key'],
    ['a.txt', 'DefaultEndpointsProtocol=https;AccountKey=abcdefghijklmnopqrstuvwxyz', 'cloud_key'],
  ])('F18 %s: %j is a %s', async (name, head, secret) => {
    expect(await secretsIn(name, head)).toContain(secret);
  });

  it.each([
    ['photo.jpg', ''],
    ['environment.txt', ''],
    ['id_rsa.pub', 'ssh-rsa AAAAB3NzaC1yc2E'],
    ['keyboard.md', 'Press a key. The password is wrong. The token was 12.'],
    ['a.pem', '-----BEGIN CERTIFICATE-----\n-----BEGIN PUBLIC KEY-----'],
    ['a.log', 'GET /a?b=c HTTP/1.1 200 eyJ.eyJ.e https://example.com/a@b'],
    ['a.csv', 'name;mail\nNana;nana@example.com\n'],
    ['a.json', '{"log":["a","b"],"type":"user"}'],
  ])('F18 %s: %j is none', async (name, head) => {
    expect(await secretsIn(name, head)).toEqual([]);
  });

  it.each(
    [
      'eyJ',
      '-eyJ',
      'eyJaaaaaaaa.e',
      '-----BEGIN A ',
      'A_',
      'AKEY_',
      '"log":',
      ' ',
      '\n',
      'a://',
      '"log"  ',
      'AKI',
      'a:b',
    ].map((part) => [part]),
  )('F18 %j without end is looked through as quickly', async (part) => {
    await secretsIn(part.repeat(1_000), part.repeat(secretsHead));
    expect(await secretsIn('', `${part.repeat(200_000)}\n-----BEGIN PRIVATE KEY-----`)).toEqual([]);
  });
});
