import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contrastOf } from '../../protocol/palette.ts';
import { onColour } from './looks.ts';

test('the launcher’s icon stands out from any colour of a site', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffff }), (value) => {
      const colour = `#${value.toString(16).padStart(6, '0')}`;
      const icon = onColour(colour) === '#000' ? '#000000' : '#ffffff';
      expect(contrastOf(colour, icon)).toBeGreaterThan(4.3);
    }),
  );
  expect([onColour('#ffffff'), onColour('#000000')]).toEqual(['#000', '#fff']);
});

test('what is no colour of that spelling changes nothing', () => {
  for (const colour of ['', 'red', '#fff', '#gggggg', '#175c4c;', 'url(x)'])
    expect(onColour(colour)).toBeNull();
});
