/** An owner key that was just made, and the ways to keep it. */
import type { Signal } from '@preact/signals';
import { CodesList } from '../sign-in/codes-list.tsx';
import { KeyField } from './key-field.tsx';
import { words } from './words.ts';

export function ShownKey({ ownerKey, back }: { ownerKey: string; back: Signal<string> }) {
  return (
    <>
      <CodesList codes={[ownerKey]} file={{ name: words.fileName, title: words.file(location.host) }} />
      <KeyField label={words.keepBack} value={back} takesFocus={false} />
    </>
  );
}
