import { renderUnicodeCompact } from 'uqr';
import { codesInWords } from '../demo/codes.ts';
import type { Demo } from '../demo/record.ts';
import { Halt } from '../halt.ts';
import { shown, type Home } from './home.ts';
import type { LocalScanner } from './scanner.ts';

/** Everything that a newcomer needs to try Sotto, in the order in which they will. */
export function describe(home: Home, demo: Demo, scanner: LocalScanner | undefined, qr: string): string {
  return [
    '',
    'Sotto is running. Ctrl-C ends it and keeps its data; npm run reset empties it.',
    '',
    ...table([
      ...demo.sites.map(({ name, path }) => [
        name,
        `${home.shopOrigin}${path}`,
        'a shop with the chat in its corner',
      ]),
      ['Dashboard', `${home.origin}/`, 'where its agents answer'],
      ['Mail', `${shown(home.mail)}/`, 'what would be sent is a file there'],
      scannerLine(scanner),
    ]),
    '',
    ...table([
      ['Name', 'Role', 'Address', 'Password'],
      ...demo.people.map(({ name, role, address, password }) => [name, role, address, password]),
    ]),
    '',
    ...(demo.ownerKey === undefined ? [] : [`  Owner key: ${demo.ownerKey}`, '']),
    ...chosen(demo.people, qr).flatMap((person) => [
      `  For an authenticator app, ${person.name}'s codes (key ${person.secret}):`,
      ...qrCode(person.uri).map((line) => `  ${line}`),
      '',
    ]),
  ].join('\n');
}

/** What is there of a backup that was put back on this machine. */
export function describeRestored(home: Home): string {
  return [
    '',
    'Sotto is running as a backup holds it, on this machine alone. Ctrl-C ends it and keeps its data.',
    '',
    ...table([
      ['Dashboard', `${home.origin}/`, 'whoever was on staff signs in with password and one-time code'],
      ['Mail', `${shown(home.mail)}/`, 'what would be sent is a file there'],
    ]),
    '',
    '  Passkeys belong to the address that it had. What it enters in the ledger here is signed in the name of this one.',
    '',
  ].join('\n');
}

export function describeCodes(demo: Demo, now: number): string {
  return [
    'One-time codes. Each works once; npm run codes prints them again.',
    ...demo.people.map(({ name, uri, spent }) => `  ${name.padEnd(14)}${codesInWords(uri, spent, now)}`),
  ].join('\n');
}

/** `all`, `none`, the beginning of a name, or the first agent. @throws {Halt} where nobody has that name. */
export function chosen<Named extends { readonly name: string }>(
  people: readonly Named[],
  qr: string,
): readonly Named[] {
  if (qr === 'all') return people;
  if (qr === 'none') return [];
  if (qr === '') return people.slice(0, 1);
  const found = people.filter(({ name }) => name.toLowerCase().startsWith(qr.toLowerCase()));
  if (found.length > 0) return found;
  throw new Halt(`--qr takes all, none or one of ${people.map(({ name }) => name).join(', ')}.`);
}

function qrCode(text: string): string[] {
  const lines = renderUnicodeCompact(text, { border: 2 }).split('\n');
  // White on black whatever the terminal's own colours are, for scanners need dark on light.
  return process.stdout.isTTY ? lines.map((line) => `\u001B[97;40m${line}\u001B[0m`) : lines;
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd((widths[column] ?? 0) + 2)).join('')}`.trimEnd(),
  );
}

/** The last lines of the terminal: they stay below whatever else is said, and are written anew as codes change. */
export class Footer {
  readonly #content: () => string;
  #height = 0;

  constructor(content: () => string) {
    this.#content = content;
  }

  /** Says something that stays, above the footer. */
  say(text: string): void {
    this.#erase();
    console.log(text);
    this.draw();
  }

  draw(): void {
    this.#erase();
    const text = this.#content();
    console.log(text);
    this.#height = text.split('\n').length;
  }

  /** Only a terminal can take lines back; a file or a pipe just gets the codes once more. */
  #erase(): void {
    if (this.#height > 0 && process.stdout.isTTY) process.stdout.write(`\u001B[${this.#height}A\u001B[J`);
  }
}

function scannerLine(scanner: LocalScanner | undefined): [string, string, string] {
  if (scanner === undefined)
    return ['Scanner', 'none', 'so that no file opens before an owner or admin lets it'];
  return scanner.engine === undefined
    ? ['Scanner', 'a demo', 'of malware it knows the EICAR test file alone: no clamd answers here']
    : ['Scanner', scanner.engine, 'the clamd of this machine'];
}
