/** Style that comes after the page's own. A constructed sheet also works where inline style is forbidden. */
export function wear(css: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets.push(sheet);
  return sheet;
}
