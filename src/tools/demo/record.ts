import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';
import { roleSchema } from '../../protocol/roles.ts';
import { Halt } from '../halt.ts';
import { shown } from '../start/home.ts';

const demoSchema = v.object({
  /** False while the people are being made: such a beginning is thrown away and made again. */
  complete: v.boolean(),
  /** Which KEYRING the data was made with, and which page embeds the widget. */
  keyring: v.string(),
  shopOrigin: v.string(),
  /** Lets an owner in who has lost everything; a demo of before has none. */
  ownerKey: v.optional(v.string()),
  people: v.array(
    v.object({
      name: v.string(),
      address: v.string(),
      role: roleSchema,
      password: v.string(),
      /** For an authenticator app: the secret to type, and the same as the address in a QR code. */
      secret: v.string(),
      uri: v.string(),
      /** The step of the code that was used when this person was made; every code works once. */
      spent: v.number(),
    }),
  ),
  sites: v.array(v.object({ id: v.string(), name: v.string(), path: v.string() })),
});

/** What `npm start` must remember to be able to tell a person how to sign in. */
export type Demo = v.InferOutput<typeof demoSchema>;
export type DemoPerson = Demo['people'][number];

/** @throws {Halt} when there is a file and it is not a demo's. */
export function readDemo(path: string): Demo | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  try {
    return v.parse(demoSchema, JSON.parse(text));
  } catch {
    throw new Halt(`${shown(path)} cannot be read as the record of a demo: npm run reset begins anew.`);
  }
}

/** Whole or not at all, and for its owner's eyes only. */
export function writeDemo(path: string, demo: Demo): void {
  writeFileSync(`${path}.new`, JSON.stringify(demo, undefined, 2), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
