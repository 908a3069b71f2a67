import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isWithin, networkFrom } from './networks.ts';

describe('S19 a network', () => {
  test.each([
    ['203.0.113.7', '203.0.113.7/32'],
    ['203.0.113.0/24', '203.0.113.0/24'],
    ['203.0.113.77/24', '203.0.113.0/24'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['2001:DB8::1', '2001:db8::1/128'],
    ['2001:db8:0:0:1::/48', '2001:db8::/48'],
    ['::/0', '::/0'],
  ])('%s is written %s', (text, network) => {
    expect(networkFrom(text)).toBe(network);
    expect(networkFrom(network)).toBe(network);
  });

  test.each([
    '',
    'office',
    '203.0.113',
    '127.1',
    '0x7f.0.0.1',
    '010.0.0.1',
    '203.0.113.256',
    '203.0.113.0/33',
    '203.0.113.0/',
    '203.0.113.0/08',
    '203.0.113.0/-1',
    '203.0.113.0/24/24',
    '203.0.113.0/255.255.255.0',
    '203.0.113.0-203.0.113.9',
    '2001:db8::/129',
    '2001:db8:::1',
    'fe80::1%eth0',
    '::ffff:203.0.113.7',
    '::ffff:203.0.113.0/120',
    ' 203.0.113.7',
  ])('is not %j', (text) => {
    expect(networkFrom(text)).toBeUndefined();
  });

  test('holds the addresses that begin as it does, and no other', () => {
    const office = ['203.0.113.64/26', '2001:db8:1::/48'];
    for (const inside of ['203.0.113.64', '203.0.113.127', '::ffff:203.0.113.100', '2001:db8:1:ffff::9'])
      expect([inside, isWithin(inside, office)]).toEqual([inside, true]);
    for (const outside of ['203.0.113.63', '203.0.113.128', '2001:db8:2::', '::', '', 'unknown', '203.0.113'])
      expect([outside, isWithin(outside, office)]).toEqual([outside, false]);
    expect(isWithin('203.0.113.64', [])).toBe(false);
    expect(isWithin('0.0.0.1', ['::/0'])).toBe(false);
  });

  test('of IPv4 compares the bits of its prefix', () => {
    const octets = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255));
    const number = ([a, b, c, d]: number[]) =>
      [a, b, c, d].reduce<bigint>((sum, octet) => sum * 256n + BigInt(octet ?? 0), 0n);
    fc.assert(
      fc.property(octets, octets, fc.nat(32), (one, other, length) => {
        const network = networkFrom(`${one.join('.')}/${length}`);
        const shift = BigInt(32 - length);
        const same = number(one) >> shift === number(other) >> shift;
        expect(network !== undefined && isWithin(other.join('.'), [network])).toBe(same);
      }),
    );
  });
});
