import { expect, test } from 'vitest';
import type { FileView, Message } from '../../../protocol/frames.ts';
import { idFrom } from '../../../protocol/ids.ts';
import { fileOf, sent } from '../../connection/stage.ts';
import { transcriptOf } from './transcript.ts';

const visitor = { kind: 'visitor', id: idFrom('visitor', new Uint8Array(16)) } as const;
const staff = { kind: 'staff', id: idFrom('person', new Uint8Array(16)) } as const;
const message = (seq: number, text: string, more: Partial<Message> = {}): Message => ({
  seq,
  id: String(seq),
  at: seq,
  from: visitor,
  kind: 'text',
  scheme: 1,
  text,
  ...more,
});
const details = {
  title: 'Conversation: Pier 4',
  nameOf: ({ from }: Message) => (from.kind === 'staff' ? 'Anna' : 'You'),
  momentOf: (at: number) => `moment ${at}`,
  lineOf: ({ about }: FileView) => `[File: ${about?.name ?? ''}]`,
  removed: { deleted: 'deleted', redacted: 'removed' },
};

test('a transcript says who said what and when, exactly', () => {
  const text = transcriptOf(
    [message(1, 'two\nlines  *here*'), message(2, '**yes**', { from: staff })],
    details,
  );
  expect(text).toBe(
    'Conversation: Pier 4\n\nYou · moment 1\n  two\n  lines  *here*\n\nAnna · moment 2\n  **yes**\n',
  );
});

test('a file is a line with its name', () => {
  const said = transcriptOf([sent(1, fileOf(), { from: staff })], { ...details, momentOf: () => 'now' });
  expect(said).toBe('Conversation: Pier 4\n\nAnna · now\n  [File: a.txt]\n');
});

test('what was deleted is not in it, only that it was', () => {
  const gone = message(1, '', { removed: { how: 'deleted', at: 2 } });
  expect(transcriptOf([gone], details)).toBe('Conversation: Pier 4\n\nYou · moment 1\n  [deleted]\n');
});
