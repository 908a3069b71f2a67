/** The demo's two sites, and what each of them shows and asks. */
import { plainSettings, type SiteSettings } from '../../protocol/bodies.ts';

export interface DemoSite {
  readonly name: string;
  /** Each is a page of the demo's shop server. */
  readonly path: string;
  readonly settings: SiteSettings;
}

/** Open around the clock, so that a newcomer finds somebody there whenever they come. The first one just chats. */
export const SITES: readonly DemoSite[] = [
  {
    name: 'Harbour Coffee',
    path: '/',
    settings: {
      ...plainSettings,
      colour: '#1d5c7a',
      title: { en: 'Ask the quay', de: 'Frag den Kai' },
      greeting: {
        en: 'Ahoy! Which coffee suits your machine, and where is your parcel? We know both.',
        de: 'Moin! Welcher Kaffee passt zu deiner Maschine, und wo ist dein Paket? Wir wissen beides.',
      },
    },
  },
  {
    name: 'Harbour Roastery',
    path: '/roastery',
    settings: {
      ...plainSettings,
      colour: '#8a4516',
      title: { en: 'Talk to the roasters', de: 'Sprich mit der Rösterei' },
      greeting: {
        en: 'We roast on Tuesdays. Ask us anything about beans, batches and tours.',
        de: 'Dienstags wird geröstet. Frag uns alles zu Bohnen, Chargen und Führungen.',
      },
      questions: [
        { kind: 'name', label: {}, required: false },
        { kind: 'address', label: {}, required: false },
        {
          kind: 'text',
          label: { en: 'Which batch is it about?', de: 'Um welche Charge geht es?' },
          required: false,
        },
      ],
      consent: {
        version: '2026-11',
        text: {
          en: 'We keep what you write here for a year, to answer you and to learn from it.',
          de: 'Wir bewahren ein Jahr lang auf, was du hier schreibst, um dir zu antworten und daraus zu lernen.',
        },
      },
    },
  },
];
