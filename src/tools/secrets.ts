/** `node src/tools/secrets.ts`: looks for keys, tokens and passwords in everything that the repository holds. */
import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { lintSource } from '@secretlint/core';
import { creator as wellKnown } from '@secretlint/secretlint-rule-preset-recommend';
import { orHalt, Halt } from './halt.ts';
import { ROOT } from './project.ts';

/** What lies here is nobody's work, made anew, or this machine's own and never committed (.gitignore). */
const leftOut = ['node_modules', 'dist', '.git', '.wrangler', '.sotto', '.dev.vars'];
const isOfBytes = /[.](?:png|jpe?g|woff2?|ico|pdf|zip|gz)$/;
/** Roots of Sotto's own keys, as KEYRING has them. No rule that others wrote knows them. */
const root = /(?<![\w:])[1-9]\d{0,3}:[A-Za-z0-9_-]{43}(?![\w-])/g;

/** Samples of tests and documents, which open nothing. */
const samples = [
  // Roots of the bytes 0 to 31 and 32 to 63, one in which a bit is wrong, and two of one byte.
  'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8',
  'ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8',
  'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9',
  'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  'qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo',
  'postgres://shop:correct-horse@db.example/shop',
  'https://bob:hunter2@example.com',
];

export interface Find {
  readonly file: string;
  readonly line: number;
  readonly what: string;
}

/** @returns where something was found and what it seems to be, and never the thing itself */
export async function secretsIn(folder: string): Promise<{ looked: number; found: Find[] }> {
  const files = globSync(['**/*', '**/.*', '**/.*/**'], {
    cwd: folder,
    exclude: (path) => path.split('/').some((name) => leftOut.includes(name)),
  });
  const found: Find[] = [];
  let looked = 0;
  for (const file of files.toSorted()) {
    const path = join(folder, file);
    if (!statSync(path).isFile() || isOfBytes.test(file)) continue;
    looked += 1;
    found.push(...(await secretsOf(file, readFileSync(path, 'utf8'))));
  }
  return { looked, found };
}

async function secretsOf(file: string, content: string): Promise<Find[]> {
  const { messages } = await lintSource({
    source: { filePath: file, content, contentType: 'text', ext: '' },
    options: { noPhysicFilePath: true, config: { rules: [{ id: 'well-known', rule: wellKnown }] } },
  });
  const places = [
    ...messages.map(({ range: [from, to], ruleId }) => ({
      from,
      to,
      what: ruleId.replace(/^.*secretlint-rule-/, ''),
    })),
    ...[...content.matchAll(root)].map((match) => ({
      from: match.index,
      to: match.index + match[0].length,
      what: 'KEYRING',
    })),
  ];
  return places
    .filter(({ from, to }) => !samples.some((sample) => content.slice(from, to).includes(sample)))
    .map(({ from, what }) => ({ file, line: content.slice(0, from).split('\n').length, what }));
}

if (import.meta.main) {
  await orHalt(async () => {
    const { looked, found } = await secretsIn(ROOT);
    if (found.length > 0)
      throw new Halt(
        found.map(({ file, line, what }) => `${file}:${line} seems to hold a secret (${what}).`).join('\n'),
      );
    console.log(`No secret in ${looked} files.`);
  });
}
