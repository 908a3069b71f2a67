/** How launcher and frame look. A constructed style sheet also works where the host's policy forbids inline style. */
const css = `
:host { all: initial !important; position: fixed !important; inset: auto 16px 16px auto !important;
  z-index: 2147483000 !important; display: block !important; color-scheme: light dark !important }
button { position: relative; display: block; margin-left: auto; width: 56px; height: 56px; padding: 0; border: 0;
  border-radius: 50%; background: #175c4c; color: #fff; cursor: pointer; box-shadow: 0 2px 10px #0005;
  transition: transform .12s }
button:hover { transform: scale(1.05) }
button:focus-visible { outline: 3px solid #1d6fd1; outline-offset: 2px }
svg { display: block; margin: auto; width: 28px; height: 28px }
span { position: absolute; top: -4px; right: -4px; box-sizing: border-box; min-width: 22px; height: 22px;
  padding: 0 6px; border-radius: 11px; background: #a6261d; color: #fff; font: 700 13px/22px system-ui, sans-serif }
span:empty { display: none }
iframe { position: absolute; right: 0; bottom: 68px; width: min(384px, 100vw - 32px);
  height: min(600px, 100vh - 100px); border: 0; border-radius: 14px; background: #fff;
  box-shadow: 0 4px 24px #0005, 0 0 0 1px #0002; display: none }
:host([data-open]) iframe { display: block }
@media (prefers-color-scheme: dark) {
  button { background: #6cc7ae; color: #08201a }
  button:focus-visible { outline-color: #7db4f5 }
  iframe { background: #131816; box-shadow: 0 4px 24px #000a, 0 0 0 1px #fff2 }
}
@media (max-width: 480px) {
  iframe { position: fixed; inset: 0; width: 100%; height: 100%; height: 100dvh; border-radius: 0 }
  :host([data-open]) button { display: none }
}
@media (prefers-reduced-motion: reduce) { button { transition: none } button:hover { transform: none } }
`;

export function styleSheet(): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return sheet;
}

export function bubble(): SVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 32 32');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(svg.namespaceURI, 'path');
  path.setAttribute('fill', 'currentColor');
  path.setAttribute(
    'd',
    'M7 6h18a3 3 0 0 1 3 3v11a3 3 0 0 1-3 3H15l-6 5v-5H7a3 3 0 0 1-3-3V9a3 3 0 0 1 3-3z',
  );
  svg.append(path);
  return svg;
}
