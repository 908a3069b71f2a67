/**
 * How hard a password is to guess for somebody who knows what people choose. The dictionary is large: it is loaded
 * when it is first asked, in the Worker and in a browser alike.
 */
import type { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { limits } from './limits.ts';

/** 4: more than 10^10 guesses. 3: 10^8, 2: 10^6, 1: 10^3, 0: fewer. */
export type Strength = 0 | 1 | 2 | 3 | 4;

/** Whoever knows the product tries its name. */
const service = 'sotto';
/** The time that it takes grows faster than the password, so no more of it is looked at, in code points. */
const looked = 64;

let estimator: Promise<ZxcvbnFactory> | undefined;

/**
 * Common passwords and what is made of them (NIST SP 800-63B-4, 3.1.1.2; OWASP ASVS 5.0, 6.2.4 and 6.2.11), repeats,
 * runs, keyboards and dates are few guesses, and so is what is known of its owner.
 * @param about the owner's name, address, whatever else is close at hand
 */
export async function strengthOf(password: string, about: readonly string[]): Promise<Strength> {
  const start = Array.from(password.normalize('NFC')).slice(0, looked).join('');
  const known = about.flatMap((text) => {
    const words = text.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
    return [text, words.join(''), ...words];
  });
  return (await (estimator ??= load())).check(start, [service, ...known]).score;
}

/** May it be chosen? Its length apart, which a schema tells. */
export function isStrong(strength: Strength): boolean {
  return strength >= limits.passwordStrength;
}

async function load(): Promise<ZxcvbnFactory> {
  const [{ ZxcvbnFactory: Factory }, { dictionary, adjacencyGraphs }] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ]);
  return new Factory({ dictionary, graphs: adjacencyGraphs });
}
