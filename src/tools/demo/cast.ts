import { randomInt } from 'node:crypto';
import type { Role } from '../../protocol/bodies.ts';

export interface Member {
  readonly name: string;
  readonly address: string;
  readonly role: Role;
}

export const OWNER: Member = { name: 'Olivia Hart', address: 'olivia@example.com', role: 'owner' };

/** The first agent is the one whose QR code `npm start` shows. */
export const STAFF: readonly Member[] = [
  { name: 'Anna Berg', address: 'anna@example.com', role: 'agent' },
  { name: 'Ben Okafor', address: 'ben@example.com', role: 'agent' },
  { name: 'Samir Patel', address: 'samir@example.com', role: 'supervisor' },
  { name: 'Ines Duarte', address: 'ines@example.com', role: 'auditor' },
];

export const TEAM = 'Support';

/** Each is a page of the demo's shop server. */
export const SITES = [
  { name: 'Harbour Coffee', path: '/' },
  { name: 'Harbour Roastery', path: '/roastery' },
] as const;

const CONSONANTS = 'bdfghjkmnprstvwz';
const VOWELS = 'aeiou';
const GROUPS = 5;

/** A password to read aloud and to type: five groups of four letters, 63 bits. */
export function readablePassword(): string {
  const pick = (letters: string) => letters.charAt(randomInt(letters.length));
  const group = () => pick(CONSONANTS) + pick(VOWELS) + pick(CONSONANTS) + pick(VOWELS);
  return Array.from({ length: GROUPS }, group).join('-');
}
