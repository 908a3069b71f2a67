/* Entries, each in its one spelling, and spelled otherwise. */
import { type Details, type Entry, leafBytes, leafHash, leafText } from '../../protocol/ledger-proof.ts';
import { type Corpus, hex, spoiled } from './format.ts';

export const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const at = 1_795_348_800_000;

export function leafVectors(): Corpus['leaf'] {
  const plain: Entry = { id: uuid(1), at, actor: null, action: 'door.refused', outcome: 'refused' };
  const full: Entry = {
    ...{ id: uuid(2), at, actor: 'per_b', session: 'ses_a', action: 'people.change', object: 'per_a' },
    ...{ subject: 'per_a', outcome: 'done', late: true },
    facts: { role: 'agent', disabled: false, count: 3, share: 0.5, team: null, changed: ['name', 'role'] },
  };
  const odd: Entry = {
    ...plain,
    ...{
      id: uuid(3),
      facts: { '€': 'é ☕ 🔑', '\r': '"\\/\b\u001f\u007f', '1': '\u2028', '10': '<', a: 1e21 },
    },
  };
  const details: Details = { of: 'per_b', digest: 'yg6SJSGhsJzc3gUvvR0uhUGVSrGkGdPYqFlHYIbAxWA' };
  const good = (entry: Entry, beside?: Details) => {
    const text = leafText(entry, beside);
    return {
      text,
      entry: { ...entry, ...(beside && { details: beside }) },
      hash: hex(leafHash(leafBytes(text))),
    };
  };
  const { text } = good(plain);
  const bad: [text: string, why: string][] = [
    ['', 'nothing'],
    ['{', 'no JSON'],
    ['null', 'no object'],
    [` ${text}`, 'a space before'],
    [`${text}\n`, 'a line end after'],
    [text.replace('"actor":null', '"actor": null'), 'a space inside'],
    [text.replace('{"action"', '{"at":1,"action"'), 'a field twice'],
    [`{"v":1,${text.slice(1).replace(',"v":1', '')}`, 'not in the order of the fields'],
    [text.replace('door', 'd\\u006for'), 'a letter escaped that needs it not'],
    [text.replace(String(at), '1.7953488e12'), 'a number written otherwise'],
    [text.replace(String(at), `${at}.0`), 'a number with a fraction of nothing'],
    [text.replace('door', '\\ud800'), 'a lone surrogate'],
    [text.replace('"v":1', '"v":2'), 'another version'],
    [text.replace(',"v":1', ''), 'no version'],
    [text.replace('"v":1', '"v":"1"'), 'the version as text'],
  ];
  return [
    good(plain),
    good(full),
    good(full, details),
    good(odd),
    ...bad.map(([text, why]) => spoiled({ text }, 'unreadable', why)),
  ];
}
