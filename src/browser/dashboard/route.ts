/** Where in the dashboard we are: the address's fragment, which never reaches a server. */
import { type ReadonlySignal, signal } from '@preact/signals';
import type { ContainingAct } from '../../protocol/containment.ts';

/** The screens of the settings as they stand beside them, in groups. */
export const settingsGroups = {
  people: ['people', 'roles', 'teams'],
  chat: ['sites', 'replies', 'visitors', 'live'],
  privacy: ['privacy', 'profiles', 'processing'],
  security: ['checks', 'alarms', 'incidents', 'containment', 'training', 'ledger'],
  sotto: ['organisation', 'keys', 'backups'],
} as const;
export const settingsScreens = Object.values(settingsGroups).flat();
export type SettingsScreen = (typeof settingsScreens)[number];

/** What is mailed with a token: it is taken out of the address at once. */
const linkKinds = ['invitation', 'reset', 'address', 'owner-key'] as const;
export type LinkKind = (typeof linkKinds)[number];

/**
 * In a conversation, `silent` says that it is watched without being shown as there. In the settings, `id` is null for
 * the list and `new` for what is being made; `query` says what is looked for.
 */
export type Route =
  | { at: 'home' }
  | { at: 'conversation'; id: string; silent: boolean }
  | { at: 'settings'; screen: SettingsScreen; id: string | null; query: string }
  | { at: 'me' }
  /** Null: all lessons. */
  | { at: 'training'; lesson: string | null }
  | { at: 'link'; kind: LinkKind; token: string };

export const homeAddress = '#/';
export const myAddress = '#/me';
export const trainingAddress = '#/training';

const current = signal<Route>(read());
export const route: ReadonlySignal<Route> = current;
let address = location.hash;

/** Before what is unsaved is left, `mayLeave` is asked; meanwhile everything stays where it is. */
export function watchRoute(isUnsaved: () => boolean, mayLeave: () => Promise<boolean>): void {
  window.addEventListener('hashchange', () => {
    if (location.hash === address) return;
    if (isUnsaved()) void askAndGo(location.hash, mayLeave);
    else arrive();
  });
}

async function askAndGo(wanted: string, mayLeave: () => Promise<boolean>): Promise<void> {
  // Of a mailed link not even the question leaves a trace: its token must not stay in the history.
  if (routeOf(wanted).at === 'link') history.replaceState(null, '', homeAddress);
  history.pushState(null, '', address);
  if (await mayLeave()) goTo(wanted);
}

function arrive(): void {
  current.value = read();
  address = location.hash;
}

export function addressOf(conversation: string): string {
  return `#/conversations/${conversation}`;
}

/** Where it is watched without being shown as there. */
export function watchAddressOf(conversation: string): string {
  return `${addressOf(conversation)}/watch`;
}

export function lessonAddress(lesson: string): string {
  return `${trainingAddress}/${lesson}`;
}

export function settingsAddress(screen: SettingsScreen, id?: string): string {
  return id === undefined ? `#/settings/${screen}` : `#/settings/${screen}/${id}`;
}

/** Where an incident is contained: with one act, or by what somebody has seen, and what is known of it. */
export function containmentAddress(
  act: ContainingAct | 'radius',
  told: Readonly<Record<string, string>>,
): string {
  return `${settingsAddress('containment', act)}?${new URLSearchParams(told).toString()}`;
}

/** What the ledger says of this. */
export function ledgerAddress(query: Readonly<Record<string, string>>): string {
  const text = new URLSearchParams(query).toString();
  return settingsAddress('ledger') + (text === '' ? '' : `?${text}`);
}

export function goTo(to: string): void {
  if (location.hash === to) arrive();
  else location.hash = to;
}

/** Goes there in place of where we are, so that the way back does not lead here. */
export function goInstead(to: string): void {
  history.replaceState(null, '', to);
  arrive();
}

export function goHome(): void {
  goTo(homeAddress);
}

function read(): Route {
  const found = routeOf(location.hash);
  // The token must not stay where others can read it: not in the address bar, not in the history.
  if (found.at === 'link') history.replaceState(null, '', homeAddress);
  return found;
}

/** Only what can be an id goes on to be asked for. */
function routeOf(hash: string): Route {
  if (hash === myAddress) return { at: 'me' };
  if (hash === trainingAddress) return { at: 'training', lesson: null };
  const [, kind, value, id, query] =
    /^#\/(conversations|settings|training|invitation|reset|address|owner-key)\/([A-Za-z0-9_.-]+)(?:\/([A-Za-z0-9_-]+))?(?:\?([\w=&%+.-]*))?$/.exec(
      hash,
    ) ?? [];
  if (kind === 'conversations' && value !== undefined && /^con_[A-Za-z0-9_-]{22}$/.test(value))
    return { at: 'conversation', id: value, silent: id === 'watch' };
  if (kind === 'training' && value !== undefined) return { at: 'training', lesson: value };
  if (kind === 'settings' && value !== undefined && isScreen(value))
    return { at: 'settings', screen: value, id: id ?? null, query: query ?? '' };
  const link = linkKinds.find((each) => each === kind);
  return link !== undefined && value !== undefined
    ? { at: 'link', kind: link, token: value }
    : { at: 'home' };
}

function isScreen(text: string): text is SettingsScreen {
  return (settingsScreens as readonly string[]).includes(text);
}
