/** Names of files, as they may be shown and saved under. */

/** What a computer runs or a browser takes for a page, by how its name ends. No such file is taken, plain or in a zip. */
const runnable = new Set(
  [
    'exe com scr pif msi msix msp mst dll cpl sys drv ocx bat cmd ps1 psm1 psd1 vb vbs vbe js mjs cjs jse ws wsf wsc wsh',
    'hta lnk url scf inf reg msc gadget application desktop diagcab xll iqy slk jar jnlp class war apk aab ipa app dmg',
    'pkg iso img vhd vhdx deb rpm snap appimage sh bash zsh csh ksh fish command tool run bin elf so dylib ko wasm py pyc',
    'pyw rb pl php phtml phar asp aspx jsp cgi lua tcl awk applescript scpt workflow action html htm xhtml xht shtml mht',
    'mhtml svg svgz swf chm hlp docm dotm xlsm xlsb xltm xlam pptm potm ppam ppsm sldm',
  ].flatMap((line) => line.split(' ')),
);

/** Endings that people take for the kind of a file, and that say nothing where another one follows. */
const telling = new Set(
  [
    'jpg jpeg png gif webp pdf txt csv log json md doc docx xls xlsx ppt pptx odt ods odp rtf mp3 m4a wav mp4 mov webm',
    'zip rar 7z gz tar heic avif bmp tif tiff',
  ].flatMap((line) => line.split(' ')),
);

/** The longest name, in bytes of UTF-8. File systems end at 255, and whoever saves it may have to add a number. */
const nameBytes = 200;

/** What is not seen, or turns around what is. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu;
/** What Windows refuses in a name, and what looks like a slash or a dot and is none. */
const misleading = /[<>:"|?*\u2044\u2215\u29f8\uff0f\uff3c\u2024\uff0e]/g;
const device = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$|clock\$)(?= ?(?:\.|$))/i;

/**
 * The name under which a file is shown and saved: one line, no path, nothing unseen, one extension, at most 200 bytes.
 * Cleaning it again changes nothing.
 */
export function cleanName(name: string): string {
  const line = name
    .replace(/[\t\n\v\f\r]/g, ' ')
    .replace(unseen, '')
    .normalize('NFC')
    .replace(/^.*[/\\]/s, '')
    .replace(misleading, '_')
    .replace(/\s+/g, ' ');
  const whole = trimmed(line);
  const end = extensionOf(whole);
  const stem = trimmed(oneEnding(end === '' ? whole : whole.slice(0, -end.length - 1)));
  // A byte for the dot, and one for what may have to stand before a device's name.
  const short = trimmed(cut(stem, nameBytes - end.length - 2)).replace(device, (word) => `_${word}`);
  return end === '' ? short || 'file' : `${short || 'file'}.${end}`;
}

/** How a name ends, in small letters and without the dot; '' if with nothing that is an extension. */
export function extensionOf(name: string): string {
  return (/\.([A-Za-z0-9]{1,16})$/.exec(name)?.[1] ?? '').toLowerCase();
}

/** Would a computer run it, or a browser take it for a page, if it believed the name? */
export function isRunnable(extension: string): boolean {
  return runnable.has(extension);
}

/** `invoice.pdf` before another ending looks like a PDF where endings are hidden. */
function oneEnding(stem: string): string {
  const [first = '', ...rest] = stem.split('.');
  return rest.reduce((before, part) => {
    const ending = part.trim().toLowerCase();
    return `${before}${telling.has(ending) || runnable.has(ending) ? '_' : '.'}${part}`;
  }, first);
}

function trimmed(text: string): string {
  let [start, end] = [0, text.length];
  while (isPadding(text[start])) start++;
  while (end > start && isPadding(text[end - 1])) end--;
  return text.slice(start, end);
}

function isPadding(character: string | undefined): boolean {
  return character === '.' || character === ' ';
}

function cut(text: string, bytes: number): string {
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(bytes));
  return text.slice(0, read);
}
