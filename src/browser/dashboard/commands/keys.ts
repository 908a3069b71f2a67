/** Reads a key press against the table, and writes keys the way this machine's keyboard calls them. */
import { commandIds, type CommandId, entryOf } from './table.ts';

export interface Press {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

export interface Situation {
  /** On a Mac, Cmd stands where Ctrl stands elsewhere. */
  mac: boolean;
  /** Somebody is in a field where a letter is a letter. */
  typing: boolean;
  /** The focus is in the list of conversations: elsewhere, arrows scroll. */
  inList: boolean;
  /** Keys without a modifier can be turned off (WCAG 2.2, 2.1.4). */
  singleKeys: boolean;
}

/** The command of this press, if it means one here. */
export function commandOf(press: Press, situation: Situation): CommandId | undefined {
  return commandIds.find((id) => (entryOf(id).keys ?? []).some((keys) => isPressed(press, keys, situation)));
}

function isPressed(press: Press, keys: string, situation: Situation): boolean {
  const { mac, typing, inList, singleKeys } = situation;
  const mod = mac ? press.metaKey : press.ctrlKey;
  const otherMod = mac ? press.ctrlKey : press.metaKey;
  if (press.altKey || otherMod) return false;
  const [modifier, letter] = keys.split('+');
  if (modifier === 'Mod') return mod && !press.shiftKey && press.key.toLowerCase() === letter?.toLowerCase();
  if (mod || press.key !== keys) return false;
  // Escape writes nothing, so that it can lead out of a field.
  if (keys === 'Escape') return true;
  if (keys.startsWith('Arrow')) return inList && !press.shiftKey;
  // A capital is not the letter; other signs may need Shift or not, as keyboards differ.
  return !typing && singleKeys && (!press.shiftKey || !/^[a-z]$/.test(keys));
}

/** Whether a letter pressed in this element would be written there. */
export function isField(element: Element | null): boolean {
  if (element === null) return false;
  if (element.closest('textarea, select, [contenteditable]') !== null) return true;
  const input = element.closest('input');
  return input !== null && !['checkbox', 'radio', 'button', 'submit', 'color'].includes(input.type);
}

const names: Record<string, string> = {
  ArrowDown: '↓',
  ArrowUp: '↑',
  Escape: 'Esc',
};

export function inWords(keys: string, mac: boolean): string {
  const [modifier, letter] = keys.split('+');
  if (modifier === 'Mod' && letter !== undefined) return mac ? `⌘ ${letter}` : `Ctrl ${letter}`;
  return names[keys] ?? keys;
}

export function onMac(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.userAgent);
}
