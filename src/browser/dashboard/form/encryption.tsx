/** Encrypting something before it leaves Sotto: whether, and to whose OpenPGP key. */
import type { Signal } from '@preact/signals';
import { limits } from '../../../protocol/limits.ts';
import { words } from './encryption/words.ts';
import { Area, Tick } from './field.tsx';
import { useKept } from './kept.ts';

export interface Encryption {
  wanted: Signal<boolean>;
  /** Empty: the organisation's. */
  key: Signal<string>;
}

/** @param what the form's own name for what is encrypted, with whose it is */
export function useEncryption(what: string): Encryption {
  const wanted = useKept(`whether ${what} is encrypted`, false);
  return { wanted, key: useKept(`to whom ${what} is encrypted`, '') };
}

/** As the server is asked for it. */
export function encryptionAsked({ wanted, key }: Encryption): { openpgp?: string } {
  if (!wanted.value) return {};
  return { openpgp: key.value.trim() === '' ? 'organisation' : key.value };
}

/** @param hint what is to be known of it before it is chosen */
export function Encrypting({ of: { wanted, key }, hint = words.opens }: { of: Encryption; hint?: string }) {
  return (
    <>
      <Tick
        label={words.encrypt}
        checked={wanted.value}
        change={(on) => {
          wanted.value = on;
        }}
      />
      <p class="soft">{hint}</p>
      {wanted.value && (
        <Area
          label={words.key}
          hint={words.keyHint}
          value={key.value}
          change={(value) => {
            key.value = value;
          }}
          area={{ ...{ rows: 4, spellcheck: false, autocapitalize: 'off' }, maxLength: limits.pgpKeyLength }}
        />
      )}
    </>
  );
}
