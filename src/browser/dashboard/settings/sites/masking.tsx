/** What is masked in what is said on a site, and what it means where the worst of it is not. */
import type { ProfileId } from '../../../../protocol/laws.ts';
import { maskedKinds, settingOf } from '../../../../protocol/marks.ts';
import { Tick } from '../../form/field.tsx';
import { Held, isHeld } from '../held.tsx';
import { words } from '../words.ts';
import type { PartProps } from './part-props.ts';

/** `held`: the profiles that are on. */
export function MaskingFields({
  draft: { masking },
  change,
  held,
}: PartProps & { held: readonly ProfileId[] }) {
  const { sites } = words;
  return (
    <fieldset class="group">
      <legend>{sites.masking}</legend>
      <p class="soft">{sites.maskingHint}</p>
      <fieldset class="choices">
        <legend>{sites.maskingLegend}</legend>
        {maskedKinds.map((kind) => {
          const name = settingOf[kind];
          return (
            <div key={kind}>
              <Tick
                label={sites.maskingKinds[name]}
                checked={masking[name]}
                change={(wanted) => change({ masking: { ...masking, [name]: wanted } })}
                disabled={masking[name] && isHeld(held, `masking.${name}`)}
              />
              <Held on={held} setting={`masking.${name}`} />
            </div>
          );
        })}
      </fieldset>
      <div role="status">
        {(['cards', 'secrets'] as const).map(
          (name) =>
            !masking[name] && (
              <p key={name} class="warned">
                {sites.unmasked[name]}
              </p>
            ),
        )}
      </div>
    </fieldset>
  );
}
