import { expect, test } from 'vitest';
import { filled, unknownPlaceholders } from './placeholders.ts';

const known = { 'customer.name': 'María', 'agent.name': 'Anna Berg', 'site.name': 'Harbour Coffee' };
const neutral = { 'customer.name': 'there', 'agent.name': 'our team', 'site.name': 'our site' };

test('every placeholder is filled, wherever and however often it stands', () => {
  const reply = 'Hello {{customer.name}}, this is {{ agent.name }} of {{site.name}}. Bye, {{customer.name}}!';
  expect(filled(reply, known, neutral)).toEqual({
    text: 'Hello María, this is Anna Berg of Harbour Coffee. Bye, María!',
    missing: [],
  });
});

test('what is not known becomes a neutral word, once pointed out', () => {
  const reply = 'Hello {{customer.name}}! {{customer.name}}?';
  const nobody = { ...known, 'customer.name': null };
  expect(filled(reply, nobody, neutral)).toEqual({ text: 'Hello there! there?', missing: ['customer.name'] });
  expect(filled(reply, { ...known, 'customer.name': '  ' }, neutral).missing).toEqual(['customer.name']);
});

test('a name with signs that mean something to a replacement stays as it is', () => {
  expect(
    filled('{{customer.name}}', { ...known, 'customer.name': "$& $1 $' {{site.name}}" }, neutral).text,
  ).toBe("$& $1 $' {{site.name}}");
});

test('an unknown placeholder is left standing and pointed out', () => {
  expect(filled('{{customer.nmae}} {{constructor}}', known, neutral)).toEqual({
    text: '{{customer.nmae}} {{constructor}}',
    missing: ['customer.nmae', 'constructor'],
  });
  expect(unknownPlaceholders('{{customer.name}} {{x}} {{x}} {{}}')).toEqual(['x', '']);
});

test('braces that are no placeholder are text', () => {
  const text = 'if (a) { b } else {{ c } }';
  expect(filled(text, known, neutral)).toEqual({ text, missing: [] });
});
