import { describe, expect, test } from 'vitest';
import { plainSettings } from '../../../protocol/bodies.ts';
import { soon } from '../../connection/stage.ts';
import { acceptedBy, Choosing, notTaken } from './choosing.ts';

const rules = { ...plainSettings.files, bytes: 1_000 };

function choosing() {
  const added: [string, boolean][] = [];
  const choice = new Choosing(
    { add: (file: File, sensitive: boolean) => void added.push([file.name, sensitive]) },
    () => rules,
  );
  return { added, choice };
}

describe('F52 what is chosen', () => {
  test.each([
    ['photo.jpg', 10, null],
    ['PHOTO.JPG', 1_000, null],
    ['noext', 10, null],
    ['error.log.1', 10, null],
    ['photo.jpg', 1_001, 'tooLarge'],
    ['photo.jpg', 0, 'empty'],
    ['setup.exe', 10, 'harmful'],
    ['page.html', 10, 'harmful'],
    ['all.zip', 10, 'wrongKind'],
  ])('%s of %i bytes: %s', (name, size, why) => {
    expect(notTaken({ name, size }, rules)).toBe(why);
  });

  test('what is not of a kind that is taken is refused, and the rest goes', async () => {
    const { added, choice } = choosing();
    choice.sensitive.value = true;
    await choice.take([new File(['x'], 'a.txt'), new File(['x'], 'b.exe')]);
    expect(added).toEqual([['a.txt', true]]);
    expect(choice.refused.value).toEqual([{ name: 'b.exe', why: 'harmful' }]);
    // It counts once, and the refusal stays in sight.
    expect([choice.sensitive.value, choice.open.value]).toEqual([false, true]);
  });

  test('the chooser of files is told the kinds and no others', () => {
    const accepted = acceptedBy({ ...rules, groups: ['pdf'] });
    expect(accepted).toBe('application/pdf,.pdf');
    expect(acceptedBy(rules).split(',')).toContain('image/jpeg');
  });
});

describe('F53 what looks like secrets', () => {
  test('goes only when somebody says so', async () => {
    const { added, choice } = choosing();
    const key = () => new File(['-----BEGIN PRIVATE KEY-----\n'], 'notes.txt');
    await choice.take([key(), key()]);
    expect(added).toEqual([]);
    expect(choice.asked.value.map(({ secrets }) => secrets)).toEqual([['private_key'], ['private_key']]);
    choice.answer(false);
    choice.answer(true);
    await soon(() => expect(added).toEqual([['notes.txt', false]]));
    expect(choice.asked.value).toEqual([]);
  });
});
