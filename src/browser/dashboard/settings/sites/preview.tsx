/** The widget in small, in the colour and with the texts that are being chosen. For eyes only. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { paletteOf } from '../../../../protocol/palette.ts';
import { words } from '../words.ts';
import { isColour } from './colour.tsx';
import type { PartProps } from './part-props.ts';

export function Preview({ draft: { colour, title, greeting }, language }: PartProps) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const style = box.current?.style;
    if (style === undefined) return;
    // Both looks, so that the style sheet can follow whoever changes theirs.
    for (const look of ['light', 'dark'] as const) {
      const own = colour === null || !isColour(colour) ? null : paletteOf(colour, look);
      set(style, `--${look}-accent`, own?.accent);
      set(style, `--${look}-on-accent`, own?.onAccent);
      set(style, `--${look}-mine`, own?.mine);
    }
  }, [colour]);
  return (
    <figure class="preview">
      <figcaption class="soft">{words.sites.preview}</figcaption>
      <div ref={box} class="preview-widget" aria-hidden="true">
        <div class="preview-top">{said(title[language], words.sites.previewTitle)}</div>
        <div class="preview-thread">
          <p>{said(greeting[language], words.sites.previewGreeting)}</p>
          <p class="own">{words.sites.previewAnswer}</p>
        </div>
      </div>
    </figure>
  );
}

function said(text: string | undefined, otherwise: string): string {
  return text === undefined || text.trim() === '' ? otherwise : text;
}

function set(style: CSSStyleDeclaration, name: string, value: string | undefined): void {
  if (value === undefined) style.removeProperty(name);
  else style.setProperty(name, value);
}
