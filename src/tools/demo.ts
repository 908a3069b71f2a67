import { existsSync } from 'node:fs';
import { Halt } from './halt.ts';
import { ApiRefusal, Client } from './demo/client.ts';
import { type Demo, readDemo, writeDemo } from './demo/record.ts';
import { seedDemo } from './demo/seed.ts';
import { shown, type Home } from './start/home.ts';
import type { Mailbox } from './start/mail.ts';
import { fingerprintOf, type Secrets } from './start/secrets.ts';

/**
 * The demo's people: made at the first start, remembered at every other one.
 * @returns undefined where a backup was put back, whose people know themselves how they sign in
 */
export async function openDemo(home: Home, secrets: Secrets, mailbox: Mailbox): Promise<Demo | undefined> {
  if (existsSync(home.restored)) return undefined;
  const { needed } = await new Client(home.origin).get<{ needed: boolean }>('/setup');
  if (needed) return firstDemo(home, secrets, mailbox);
  const demo = readDemo(home.demo);
  if (demo === undefined) {
    throw new Halt(
      `${shown(home.state)} holds data and ${shown(home.demo)}, which says who can sign in, is gone: npm run reset begins anew.`,
    );
  }
  return requireMatchingKeyring(home, secrets, demo);
}

async function firstDemo(home: Home, secrets: Secrets, mailbox: Mailbox): Promise<Demo> {
  try {
    return await seedDemo(home, secrets, mailbox);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Halt(
      `The demo's people could not be made, and the next start begins with them anew: ${reason}`,
    );
  }
}

/** Refuses before anything is started what could not work afterwards. */
export function requireSameShop(home: Home, demo: Demo): void {
  if (demo.shopOrigin === home.shopOrigin) return;
  const port = new URL(demo.shopOrigin).port;
  throw new Halt(
    `The demo's sites allow the shop at ${demo.shopOrigin} only: start with SOTTO_SHOP_PORT=${port}, or npm run reset.`,
  );
}

/** A KEYRING that only grew still opens the data; any other does not, and signing in tells which it is. */
async function requireMatchingKeyring(home: Home, secrets: Secrets, demo: Demo): Promise<Demo> {
  const keyring = fingerprintOf(secrets.keyring);
  if (keyring === demo.keyring) return demo;
  const [person] = demo.people;
  try {
    await new Client(home.origin).post('/sign-in', { address: person?.address, password: person?.password });
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error;
    throw new Halt(
      `KEYRING in ${shown(home.secrets)} does not open the data in ${shown(home.state)}: put back the one it was made with, or npm run reset.`,
    );
  }
  const renewed = { ...demo, keyring };
  writeDemo(home.demo, renewed);
  return renewed;
}
