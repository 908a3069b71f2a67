/** What is masked in what is said on a site, and what it means where the worst of it is not. */
import { maskedKinds, settingOf } from '../../../../protocol/marks.ts';
import { Tick } from '../../form/field.tsx';
import { words } from '../words.ts';
import type { PartProps } from './part-props.ts';

export function MaskingFields({ draft: { masking }, change }: PartProps) {
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
            <Tick
              key={kind}
              label={sites.maskingKinds[name]}
              checked={masking[name]}
              change={(wanted) => change({ masking: { ...masking, [name]: wanted } })}
            />
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
