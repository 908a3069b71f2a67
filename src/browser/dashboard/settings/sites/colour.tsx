/** The site's colour: the product's own, or one to choose. */
import { Line, Tick } from '../../form/field.tsx';
import { words } from '../words.ts';
import type { PartProps } from './part-props.ts';

const product = '#175c4c';
const shape = /^#[0-9a-f]{6}$/;

export function isColour(text: string): boolean {
  return shape.test(text);
}

export function ColourField({ draft: { colour }, change }: PartProps) {
  return (
    <fieldset class="group">
      <legend>{words.sites.looks}</legend>
      <Tick
        label={words.sites.ownColour}
        checked={colour !== null}
        change={(own) => change({ colour: own ? product : null })}
      />
      {colour !== null && (
        <div class="colour">
          <input
            type="color"
            aria-label={words.sites.pickColour}
            value={isColour(colour) ? colour : product}
            onInput={(event) => change({ colour: event.currentTarget.value })}
          />
          <Line
            label={words.sites.colour}
            hint={words.sites.colourHint}
            value={colour}
            change={(value) => change({ colour: value.trim().toLowerCase() })}
            check={(value) => (isColour(value) ? null : words.sites.colourWrong)}
            input={{ required: true, spellcheck: false, autocomplete: 'off', maxLength: 7 }}
          />
        </div>
      )}
    </fieldset>
  );
}
