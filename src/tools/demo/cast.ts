import { randomInt } from 'node:crypto';
import type { Role } from '../../protocol/roles.ts';

export interface Member {
  readonly name: string;
  readonly address: string;
  readonly role: Role;
  /** Also in the second team, so that a conversation can be handed to it and somebody takes it. */
  readonly both?: true;
}

export const OWNER: Member = { name: 'Olivia Hart', address: 'olivia@example.com', role: 'owner' };

/** The first agent is the one whose QR code `npm start` shows. */
export const STAFF: readonly Member[] = [
  { name: 'Anna Berg', address: 'anna@example.com', role: 'agent' },
  { name: 'Ben Okafor', address: 'ben@example.com', role: 'agent' },
  { name: 'Samir Patel', address: 'samir@example.com', role: 'supervisor', both: true },
  { name: 'Ines Duarte', address: 'ines@example.com', role: 'auditor' },
];

/** The first team answers both sites. */
export const TEAM = 'Support';
export const SECOND_TEAM = 'Orders and returns';

const CONSONANTS = 'bdfghjkmnprstvwz';
const VOWELS = 'aeiou';
const GROUPS = 5;

/** A password to read aloud and to type: five groups of four letters, 63 bits. */
export function readablePassword(): string {
  const pick = (letters: string) => letters.charAt(randomInt(letters.length));
  const group = () => pick(CONSONANTS) + pick(VOWELS) + pick(CONSONANTS) + pick(VOWELS);
  return Array.from({ length: GROUPS }, group).join('-');
}
