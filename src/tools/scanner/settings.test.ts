import { describe, expect, test } from 'vitest';
import { Halt } from '../halt.ts';
import { scannerSettings } from './settings.ts';

const SCANNER_SECRET = 'x'.repeat(43);

describe('F26 the scanner’s settings', () => {
  test('F26 need no more than the secret beside Debian’s clamd', () => {
    expect(scannerSettings({ SCANNER_SECRET })).toEqual({
      ...{ secret: SCANNER_SECRET, host: '127.0.0.1', port: 8789, tls: undefined },
      clamd: { path: '/run/clamav/clamd.ctl' },
    });
  });

  test('F26 open it to other machines with a certificate alone', () => {
    const tls = { SCANNER_CERT: 'cert.pem', SCANNER_KEY: 'key.pem' };
    expect(
      scannerSettings({
        SCANNER_SECRET,
        SCANNER_HOST: '::',
        SCANNER_PORT: '443',
        CLAMD: '[::1]:3310',
        ...tls,
      }),
    ).toMatchObject({
      ...{ host: '::', port: 443, tls: { cert: 'cert.pem', key: 'key.pem' } },
      clamd: { host: '::1', port: 3310 },
    });
  });

  test.each([
    ['SCANNER_SECRET', {}],
    ['SCANNER_SECRET', { SCANNER_SECRET: 'SECRET-MARK' }],
    ['SCANNER_HOST', { SCANNER_SECRET, SCANNER_HOST: '0.0.0.0' }],
    ['SCANNER_CERT', { SCANNER_SECRET, SCANNER_CERT: 'cert.pem' }],
    ['SCANNER_CERT', { SCANNER_SECRET, SCANNER_KEY: 'key.pem' }],
    ['SCANNER_PORT', { SCANNER_SECRET, SCANNER_PORT: '0' }],
    ['SCANNER_PORT', { SCANNER_SECRET, SCANNER_PORT: '1e3' }],
    ['CLAMD', { SCANNER_SECRET, CLAMD: 'localhost' }],
    ['CLAMD', { SCANNER_SECRET, CLAMD: 'localhost:65536' }],
  ])('F26 name what is wrong with them, never its value: %s of %j', (name, settings) => {
    const read = () => scannerSettings(settings);
    expect(read).toThrow(Halt);
    expect(read).toThrow(new RegExp(`^${name} `));
    expect(read).not.toThrow(/SECRET-MARK/);
  });
});
